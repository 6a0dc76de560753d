"""Settings about words."""

from django.urls import URLPattern, path

from threadline.desk.views import wording

urlpatterns: list[URLPattern] = [
    path("settings/macros", wording.macros, name="settings-macros"),
    path("settings/macros/new", wording.macro, name="settings-macro-new"),
    path("settings/macros/<int:macro_id>", wording.macro, name="settings-macro"),
    path("settings/macros/<int:macro_id>/withdraw", wording.withdraw_macro, name="settings-macro-withdraw"),
    path("settings/policies", wording.policies, name="settings-policies"),
    path("settings/policies/new", wording.policy, name="settings-policy-new"),
    path("settings/policies/<int:policy_id>", wording.policy, name="settings-policy"),
    path("settings/policies/<int:policy_id>/withdraw", wording.withdraw_policy, name="settings-policy-withdraw"),
]
