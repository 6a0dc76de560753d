"""Settings: rules."""

from django.urls import URLPattern, path

from threadline.desk.views import rules

urlpatterns: list[URLPattern] = [
    path("settings/rules", rules.overview, name="rules"),
    path("settings/rules/new", rules.new, name="rules-new"),
    path("settings/rules/log", rules.log, name="rules-log"),
    path("settings/rules/due", rules.due, name="rules-due"),
    path("settings/rules/try", rules.try_out, name="rules-try"),
    path("settings/rules/release", rules.release, name="rules-release"),
    path("settings/rules/drop", rules.drop, name="rules-drop"),
    path("settings/rules/versions/<int:version>/back", rules.go_back, name="rules-back"),
    path("settings/rules/of/<slug:key>", rules.one, name="rules-one"),
    path("settings/rules/of/<slug:key>/earlier", rules.earlier, name="rules-earlier"),
    path("settings/rules/of/<slug:key>/switch", rules.switch, name="rules-switch"),
    path("settings/rules/of/<slug:key>/remove", rules.remove, name="rules-remove"),
]
