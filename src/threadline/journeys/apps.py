from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "threadline.journeys"
    label = "journeys"
