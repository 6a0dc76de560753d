"""Being there for work."""

from django.urls import URLPattern, path

from threadline.desk.views import serving

urlpatterns: list[URLPattern] = [
    path("presence", serving.presence, name="presence"),
    path("presence/here", serving.here, name="presence-here"),
]
