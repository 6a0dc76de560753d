from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "threadline.journeys"
    label = "journeys"

    def ready(self) -> None:
        """What the router does is among the changes that a replay knows; notices hear of every event."""
        from threadline.journeys.notices import causes as causes
        from threadline.journeys.notices import digest as digest
        from threadline.journeys.routing import changes as changes
