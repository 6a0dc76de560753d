"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, people, promises, queue, review, search, session, settings, story

urlpatterns = [
    *session.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *search.urlpatterns,
    *promises.urlpatterns,
    *settings.urlpatterns,
]
