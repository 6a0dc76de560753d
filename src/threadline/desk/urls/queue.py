from django.urls import URLPattern, path

from threadline.desk.views import work
from threadline.desk.views.queue import bulk, pages

urlpatterns: list[URLPattern] = [
    path("", pages.start, name="start"),
    path("work", work.work, name="work"),
    path("work/next", work.next_one, name="work-next"),
    path("queue", pages.queue, name="queue"),
    path("queue/rows", pages.queue_rows, name="queue-rows"),
    path("queue/preview/<int:journey_id>", pages.preview, name="queue-preview"),
    path("queue/counts", pages.queue_counts, name="queue-counts"),
    path("queue/saved", pages.saved_counts, name="queue-saved"),
    path("queue/filters", pages.filters, name="queue-filters"),
    path("queue/many", bulk.do, name="bulk"),
    path("queue/many/choose", bulk.choose, name="bulk-choose"),
    path("queue/many/<int:run_id>", bulk.run, name="bulk-run"),
    path("queue/many/<int:run_id>/undo", bulk.undo, name="bulk-undo"),
]
