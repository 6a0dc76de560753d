"""Telephone calls: who waits, my call, and the calls that we promised."""

from django.urls import URLPattern, path

from threadline.desk.views import phone

urlpatterns: list[URLPattern] = [
    path("phone", phone.page, name="phone"),
    path("phone/board", phone.board, name="phone-board"),
    path("phone/rings/<int:event_id>", phone.rings, name="phone-rings"),
    path("phone/handset", phone.handset, name="phone-handset"),
    path("phone/calls/<int:call_id>/take", phone.take, name="phone-take"),
    path("phone/calls/<int:call_id>/hand-over", phone.hand_over, name="phone-hand-over"),
    path("phone/calls/<int:call_id>/end", phone.end, name="phone-end"),
    path("phone/calls/<int:call_id>/notes", phone.notes, name="phone-notes"),
    path("phone/calls/<int:call_id>/story", phone.story, name="phone-story"),
    path("phone/callbacks/<int:callback_id>/call", phone.call_back, name="callback-now"),
    path("phone/callbacks/<int:callback_id>/drop", phone.drop, name="callback-drop"),
    path("phone/callbacks/<int:callback_id>/owe", phone.owe, name="callback-owe"),
    path("phone/heard/<int:file_id>", phone.heard, name="phone-heard"),
]
