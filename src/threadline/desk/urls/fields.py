"""Fields that a house adds to people and stories."""

from django.urls import URLPattern, path

from threadline.desk.views import fields

urlpatterns: list[URLPattern] = [
    path("stories/<int:journey_id>/fields/<int:field_id>", fields.of_story, name="story-field"),
    path("people/<int:customer_id>/fields/<int:field_id>", fields.of_person, name="person-field"),
    path("settings/fields", fields.fields, name="settings-fields"),
    path("settings/fields/new", fields.field, name="settings-field-new"),
    path("settings/fields/<int:field_id>", fields.field, name="settings-field"),
    path("settings/fields/<int:field_id>/switch", fields.switch, name="settings-field-switch"),
    path("settings/fields/<int:field_id>/up", fields.up, name="settings-field-up"),
]
