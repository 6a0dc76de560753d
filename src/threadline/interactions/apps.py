from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "threadline.interactions"
    label = "interactions"
