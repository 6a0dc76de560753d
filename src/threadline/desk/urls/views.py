"""Views of the queue that somebody keeps."""

from django.urls import URLPattern, path

from threadline.desk.views import views

urlpatterns: list[URLPattern] = [
    path("settings/views", views.views, name="settings-views"),
    path("settings/views/new", views.view, name="settings-view-new"),
    path("settings/views/<int:view_id>", views.view, name="settings-view"),
    path("settings/views/<int:view_id>/withdraw", views.withdraw, name="settings-view-withdraw"),
    path("settings/views/<int:view_id>/back", views.back, name="settings-view-back"),
    path("settings/views/<int:view_id>/up", views.up, name="settings-view-up"),
]
