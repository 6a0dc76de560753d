"""Every page, of the desk and for customers. The API, live updates, chats and hooks are served by the front door
(front_door.py).
"""

from django.urls import include, path

urlpatterns = [path("", include("threadline.desk.urls")), path("", include("threadline.portal.urls"))]
