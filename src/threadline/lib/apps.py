from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "threadline.lib"
    label = "lib"
