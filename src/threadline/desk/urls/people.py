"""Pages about people."""

from django.urls import URLPattern, path

from threadline.desk.views import consents, people

urlpatterns: list[URLPattern] = [
    path("people/<int:customer_id>", people.person, name="person"),
    path("people/<int:customer_id>/others", people.others, name="person-others"),
    path("people/<int:customer_id>/beside/<int:other_id>", people.beside, name="person-beside"),
    path("people/<int:customer_id>/consents", consents.say, name="consent-say"),
    path("people/<int:customer_id>/consents/<int:consent_id>/back", consents.take_back, name="consent-back"),
    path("people/<int:customer_id>/merge", people.merge, name="person-merge"),
    path("people/<int:customer_id>/apart", people.apart, name="person-apart"),
]
