from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "threadline.channels"
    label = "channels"
