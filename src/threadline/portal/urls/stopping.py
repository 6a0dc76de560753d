"""No more automatic mail: for whoever holds the link that stood under one."""

from django.urls import URLPattern, path

from threadline.portal.views import stopping

urlpatterns: list[URLPattern] = [
    path("stop/<str:token>", stopping.stop, name="stop"),
    path("stop/<str:token>/back", stopping.back, name="stop-back"),
]
