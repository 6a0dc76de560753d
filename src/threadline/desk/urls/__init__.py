"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, people, queue, search, session, story

urlpatterns = [
    *session.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *calls.urlpatterns,
    *search.urlpatterns,
]
