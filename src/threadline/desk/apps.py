from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "threadline.desk"
    label = "desk"
