"""What people decide where Threadline is not sure."""

from django.urls import URLPattern, path

from threadline.desk.views import review

urlpatterns: list[URLPattern] = [
    path("review", review.start, name="review"),
    path("review/people", review.people, name="review-people"),
    path("review/quality", review.quality, name="review-quality"),
]
