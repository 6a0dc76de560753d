from django.urls import URLPattern, path

from threadline.desk.views import queue

urlpatterns: list[URLPattern] = [
    path("", queue.start),
    path("queue", queue.queue, name="queue"),
    path("queue/rows", queue.queue_rows, name="queue-rows"),
    path("queue/preview/<int:journey_id>", queue.preview, name="queue-preview"),
    path("queue/counts", queue.queue_counts, name="queue-counts"),
]
