"""Chats side by side."""

from django.urls import URLPattern, path

from threadline.desk.views import chats

urlpatterns: list[URLPattern] = [
    path("chats", chats.chats, name="chats"),
    path("chats/board", chats.board, name="chats-board"),
    path("chats/<int:chat_id>", chats.column, name="chat"),
    path("chats/<int:chat_id>/replies", chats.reply, name="chat-reply"),
    path("chats/<int:chat_id>/take", chats.take, name="chat-take"),
    path("chats/<int:chat_id>/typing", chats.typing, name="chat-typing"),
    path("chats/<int:chat_id>/seen", chats.seen, name="chat-seen"),
]
