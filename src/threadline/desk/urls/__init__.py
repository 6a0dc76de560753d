"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, people, queue, review, routing, search, serving, session, story

urlpatterns = [
    *session.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *search.urlpatterns,
    *serving.urlpatterns,
    *routing.urlpatterns,
]
