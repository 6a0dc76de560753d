"""What people decide where Threadline is not sure."""

from django.urls import URLPattern, path

from threadline.desk.views import review, teaching

urlpatterns: list[URLPattern] = [
    path("review", review.start, name="review"),
    path("review/people", review.people, name="review-people"),
    path("review/quality", review.quality, name="review-quality"),
    path("review/intents", teaching.tree, name="review-intents"),
    path("review/intents/<path:name>", teaching.one, name="review-intent"),
    path("review/outside", teaching.outside, name="review-outside"),
    path("review/draft", teaching.draft, name="intents-draft"),
    path("review/draft/open", teaching.open_intent, name="intent-open"),
    path("review/draft/add", teaching.add, name="intent-add"),
    path("review/draft/choose", teaching.choose, name="intent-choose"),
    path("review/draft/rename", teaching.rename, name="intent-rename"),
    path("review/draft/merge", teaching.merge, name="intent-merge"),
    path("review/draft/undo", teaching.undo, name="intents-undo"),
    path("review/draft/drop", teaching.drop, name="intents-drop"),
    path("review/draft/try", teaching.try_out, name="intents-try"),
    path("review/versions/use", teaching.use, name="intents-use"),
    path("review/versions/back", teaching.go_back, name="intents-back"),
]
