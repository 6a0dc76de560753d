"""Every address of the customer's side that is a page. Chats are served by the front door (portal/chat)."""

from django.urls import URLPattern, path

from threadline.portal.urls import contact, films, stopping, times
from threadline.portal.views import demo

urlpatterns: list[URLPattern] = [
    path("demo", demo.demo, name="demo"),
    *times.urlpatterns,
    *contact.urlpatterns,
    *films.urlpatterns,
    *stopping.urlpatterns,
]
