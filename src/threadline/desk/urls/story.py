from django.urls import URLPattern, path

from threadline.desk.views.story import doing, handing, pages, pieces, writing

urlpatterns: list[URLPattern] = [
    path("stories/<int:journey_id>", pages.story, name="story"),
    path("stories/<int:journey_id>/head", pages.head, name="story-head"),
    path("stories/<int:journey_id>/touches", pages.touches, name="story-touches"),
    path("stories/<int:journey_id>/brief", pages.brief, name="story-brief"),
    path("stories/<int:journey_id>/replies", writing.reply, name="story-reply"),
    path("stories/<int:journey_id>/notes", writing.note, name="story-note"),
    path("stories/<int:journey_id>/assign", doing.assign, name="story-assign"),
    path("stories/<int:journey_id>/hand-over", handing.hand_over, name="story-hand-over"),
    path("stories/<int:journey_id>/supervisor", handing.demand_supervisor, name="story-supervisor"),
    path("stories/<int:journey_id>/snooze", doing.snooze, name="story-snooze"),
    path("stories/<int:journey_id>/wait", doing.wait, name="story-wait"),
    path("stories/<int:journey_id>/done", doing.finish, name="story-done"),
    path("stories/<int:journey_id>/reopen", doing.reopen, name="story-reopen"),
    path("stories/<int:journey_id>/intent", doing.set_intent, name="story-intent"),
    path("stories/<int:journey_id>/split", doing.split, name="story-split"),
    path("stories/<int:journey_id>/join", doing.join, name="story-join"),
    path("touches/<int:touch_id>/why", pieces.why, name="touch-why"),
    path("touches/<int:touch_id>/move", doing.move, name="touch-move"),
    path("touches/<int:touch_id>/keep", doing.keep_here, name="touch-keep"),
    path("touches/<int:touch_id>/accept", doing.accept, name="touch-accept"),
    path("touches/<int:touch_id>/html", pieces.html, name="touch-html"),
    path("attachments/<int:pk>", pieces.attachment, name="attachment"),
    path("events/<int:event_id>/undo", doing.undo, name="event-undo"),
    path("deliveries/<int:touch_id>/retry", doing.retry, name="delivery-retry"),
]
