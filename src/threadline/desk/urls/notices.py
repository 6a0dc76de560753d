"""What is new for an agent, how they want to be told, and what makes the desk an app."""

from django.urls import URLPattern, path

from threadline.desk.views import app, notice_wishes, notices

urlpatterns: list[URLPattern] = [
    path("notices", notices.page, name="notices"),
    path("notices/bell", notices.bell, name="notices-bell"),
    path("notices/seen", notices.seen, name="notices-seen"),
    path("notices/unseen", notices.unseen, name="notices-unseen"),
    path("notices/<int:number>/mute", notices.mute, name="notice-mute"),
    path("notices/mutes/<int:number>/end", notices.unmute, name="mute-end"),
    path("notices/log", notices.log, name="notices-log"),
    path("settings/notices", notices.everybodys_log, name="settings-notices"),
    path("me/notices", notice_wishes.save, name="me-notices"),
    path("me/notices/<int:event_id>/undo", notice_wishes.undo, name="me-notices-undo"),
    path("me/browsers", notice_wishes.let_push, name="push-allow"),
    path("me/browsers/<int:number>/test", notice_wishes.try_out, name="push-test"),
    path("me/browsers/<int:number>/remove", notice_wishes.stop_pushing, name="push-remove"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("service-worker.js", app.service_worker, name="service-worker"),
    path("offline", app.offline, name="offline"),
]
