"""Calls in the chat window, seen from the desk."""

from django.urls import URLPattern, path

from threadline.desk.views import talks

urlpatterns: list[URLPattern] = [
    path("chats/<int:chat_id>/call", talks.talk, name="talk"),
    path("chats/<int:chat_id>/call/now", talks.now, name="talk-now"),
    path("chats/<int:chat_id>/call/rings", talks.rings, name="talk-rings"),
    path("chats/<int:chat_id>/call/do", talks.do, name="talk-do"),
    path("chats/<int:chat_id>/call/pieces", talks.piece, name="talk-piece"),
]
