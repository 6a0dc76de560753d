"""Every page, of the desk and for customers. What else there is, the front door serves natively (front_door.py)."""

from django.urls import include, path

urlpatterns = [path("", include("threadline.desk.urls")), path("", include("threadline.portal.urls"))]
