"""The settings: everything an admin sets up, without a shell."""

from django.urls import URLPattern, path

from threadline.desk.views.settings import audit, brands, channels, intake, keys, mailboxes, people, roles, start, teams

urlpatterns: list[URLPattern] = [
    path("settings", start.start, name="settings"),
    path("settings/undo/<int:event_id>", start.undo, name="settings-undo"),
    path("settings/people", people.people, name="settings-people"),
    path("settings/people/new", people.new, name="settings-person-new"),
    path("settings/people/<int:agent_id>", people.person, name="settings-person"),
    path("settings/people/<int:agent_id>/leave", people.leave, name="settings-person-leave"),
    path("settings/people/<int:agent_id>/return", people.come_back, name="settings-person-return"),
    path("settings/people/<int:agent_id>/password", people.password, name="settings-person-password"),
    path("settings/teams", teams.teams, name="settings-teams"),
    path("settings/teams/new", teams.new, name="settings-team-new"),
    path("settings/teams/<int:team_id>", teams.team, name="settings-team"),
    path("settings/roles", roles.roles, name="settings-roles"),
    path("settings/roles/new", roles.new, name="settings-role-new"),
    path("settings/roles/<int:role_id>", roles.role, name="settings-role"),
    path("settings/roles/<int:role_id>/drop", roles.drop, name="settings-role-drop"),
    path("settings/channels", channels.channels, name="settings-channels"),
    path("settings/channels/new", channels.kinds, name="settings-channel-kinds"),
    path("settings/channels/new/<str:kind>", channels.new, name="settings-channel-new"),
    path("settings/channels/<int:channel_id>", channels.channel, name="settings-channel"),
    path("settings/channels/signed-in", mailboxes.signed_in, name="settings-channel-signed-in"),
    path("settings/channels/<int:channel_id>/sign-in", mailboxes.sign_in, name="settings-channel-sign-in"),
    path("settings/channels/<int:channel_id>/pause", channels.pause, name="settings-channel-pause"),
    path("settings/channels/<int:channel_id>/check", channels.check, name="settings-channel-check"),
    path("settings/channels/<int:channel_id>/resume", channels.resume, name="settings-channel-resume"),
    path("settings/intake", intake.intake, name="settings-intake"),
    path("settings/intake/retry", intake.retry, name="settings-intake-retry"),
    path("settings/intake/<int:channel_id>/backfill", intake.backfill, name="settings-intake-backfill"),
    path("settings/brands", brands.brands, name="settings-brands"),
    path("settings/brands/new", brands.new, name="settings-brand-new"),
    path("settings/brands/<int:brand_id>", brands.brand, name="settings-brand"),
    path("settings/keys", keys.keys, name="settings-keys"),
    path("settings/keys/new", keys.new, name="settings-key-new"),
    path("settings/keys/<int:key_id>/revoke", keys.revoke, name="settings-key-revoke"),
    path("settings/audit", audit.audit, name="settings-audit"),
    path("settings/audit/export", audit.export, name="settings-audit-export"),
]
