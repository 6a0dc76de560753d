"""When we work and what we promise, as admins set it."""

from django.urls import URLPattern, path

from threadline.desk.views import promises

urlpatterns: list[URLPattern] = [
    path("settings/calendars", promises.overview, name="settings-calendars"),
    path("settings/calendars/undo", promises.undo, name="promises-undo"),
    path("settings/calendars/new", promises.calendar, name="calendar-new"),
    path("settings/calendars/<slug:key>", promises.calendar, name="calendar"),
    path("settings/promises/new", promises.promise, name="promise-new"),
    path("settings/promises/<slug:key>", promises.promise, name="promise"),
]
