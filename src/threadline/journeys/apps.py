from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "threadline.journeys"
    label = "journeys"

    def ready(self) -> None:
        """What the router does and what stands in fields a replay does again; notices hear of every event."""
        from threadline.journeys.fields.changes import fill_in as fill_in
        from threadline.journeys.notices import causes as causes
        from threadline.journeys.notices import digest as digest
        from threadline.journeys.routing import changes as changes
