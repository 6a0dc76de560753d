"""Settings: who gets what."""

from django.urls import URLPattern, path

from threadline.desk.views import routing

urlpatterns: list[URLPattern] = [
    path("settings/routing", routing.overview, name="routing"),
    path("settings/routing/rules/new", routing.new_rule, name="routing-new"),
    path("settings/routing/rules/<int:number>", routing.one_rule, name="routing-rule"),
    path("settings/routing/rules/<int:number>/earlier", routing.earlier, name="routing-earlier"),
    path("settings/routing/rules/<int:number>/remove", routing.remove, name="routing-remove"),
    path("settings/routing/limits", routing.limits, name="routing-limits"),
    path("settings/routing/people/<int:agent_id>", routing.person, name="routing-person"),
    path("settings/routing/try", routing.try_out, name="routing-try"),
    path("settings/routing/release", routing.release, name="routing-release"),
    path("settings/routing/drop", routing.drop, name="routing-drop"),
    path("settings/routing/back", routing.go_back, name="routing-back"),
]
