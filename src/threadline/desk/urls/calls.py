"""Pages about calls."""

from django.urls import URLPattern, path

from threadline.desk.views import calls

urlpatterns: list[URLPattern] = [
    path("calls/new", calls.new, name="call-new"),
    path("calls/lookup", calls.lookup, name="call-lookup"),
    path("calls/ringing/<int:event_id>", calls.ringing, name="call-ringing"),
]
