"""Every page of the desk. The API, live updates and hooks are served by the front door (front_door.py)."""

from django.urls import include, path

urlpatterns = [path("", include("threadline.desk.urls"))]
