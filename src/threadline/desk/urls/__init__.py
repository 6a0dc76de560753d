"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, chats, people, queue, review, search, session, story

urlpatterns = [
    *session.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *chats.urlpatterns,
    *search.urlpatterns,
]
