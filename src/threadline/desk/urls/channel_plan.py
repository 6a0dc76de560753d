"""Which channel is for what."""

from django.urls import URLPattern, path

from threadline.desk.views import channel_plan

urlpatterns: list[URLPattern] = [
    path("settings/channel-matrix", channel_plan.matrix, name="channel-matrix"),
    path("settings/channel-matrix/undo", channel_plan.undo, name="channel-plan-undo"),
    path("settings/channel-matrix/words/<slug:network>", channel_plan.words, name="channel-words"),
]
