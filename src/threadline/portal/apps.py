from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "threadline.portal"
    label = "portal"
