from django.apps import AppConfig
from django.db.backends.signals import connection_created


class LibConfig(AppConfig):
    name = "threadline.lib"
    label = "lib"

    def ready(self) -> None:
        from threadline.lib.moments import read_moments

        connection_created.connect(read_moments)
