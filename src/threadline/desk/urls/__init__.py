"""Every address of the desk, one file for each screen."""

from threadline.desk.urls import (
    calls,
    chats,
    door,
    me,
    people,
    promises,
    queue,
    reports,
    review,
    search,
    session,
    settings,
    settings_sign_in,
    story,
    wall,
    wording,
)

urlpatterns = [
    *session.urlpatterns,
    *door.urlpatterns,
    *me.urlpatterns,
    *queue.urlpatterns,
    *story.urlpatterns,
    *people.urlpatterns,
    *review.urlpatterns,
    *calls.urlpatterns,
    *chats.urlpatterns,
    *search.urlpatterns,
    *promises.urlpatterns,
    *settings.urlpatterns,
    *settings_sign_in.urlpatterns,
    *wall.urlpatterns,
    *reports.urlpatterns,
    *wording.urlpatterns,
]
