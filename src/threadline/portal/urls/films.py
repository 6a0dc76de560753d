"""Short videos: pages for whoever holds their link."""

from django.urls import URLPattern, path

from threadline.portal.views import films

urlpatterns: list[URLPattern] = [
    path("film/<str:token>", films.film, name="film"),
    path("film/<str:token>/media", films.media, name="film-media"),
    path("film/<str:token>/captions.vtt", films.captions, name="film-captions"),
    path("film/<str:token>/seen", films.seen, name="film-seen"),
    path("film/<str:token>/reply", films.reply, name="film-reply"),
]
