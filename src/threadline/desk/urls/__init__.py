"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import calls, door, me, people, queue, review, search, session, settings_sign_in, story

urlpatterns = [
    *session.urlpatterns,
    *door.urlpatterns,
    *me.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *search.urlpatterns,
    *settings_sign_in.urlpatterns,
]
