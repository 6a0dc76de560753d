"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, people, queue, reports, review, search, session, story, wall

urlpatterns = [
    *session.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *search.urlpatterns,
    *wall.urlpatterns,
    *reports.urlpatterns,
]
