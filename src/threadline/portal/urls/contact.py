from django.urls import URLPattern, path

from threadline.portal.views import contact

urlpatterns: list[URLPattern] = [path("contact", contact.contact, name="contact")]
