"""The settings: what an admin sets up on screens, with undo, and nothing by a shell."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, ApiKey, Event, Role, Team
from threadline.accounts.rights import AGENT, Right, Scope
from threadline.channels.models import Brand, Channel
from threadline.desk.queries.settings.checklist import checklist
from threadline.interactions.models import Delivery

pytestmark = pytest.mark.django_db


def shown(desk: Client, route: str, /, *args: Any, status: int = 200, **query: str) -> str:
    answer = desk.get(reverse(route, args=args), query)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def sent(desk: Client, route: str, /, *args: Any, status: int = 302, **said: Any) -> str:
    answer = desk.post(reverse(route, args=args), said, follow=status == 302)
    assert status in [code for _, code in answer.redirect_chain] if status == 302 else answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def undone(desk: Client, page: str) -> str:
    """Press Undo in the message of a page."""
    (address,) = re.findall(r'data-toast.*?action="([^"]+)"', page)[:1]
    answer = desk.post(address, headers={"Referer": f"http://testserver{reverse('settings-people')}"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# ---- people ----------------------------------------------------------------------------------------------------------


def test_somebody_is_added_on_a_screen_and_can_sign_in(desk, client):
    kitchen = make.team("Kitchen")
    said = {"name": "Bo Lindqvist", "email": "Bo@harbourpine.example", "role": "agent", "teams": [kitchen.pk]}

    page = sent(desk, "settings-person-new", **said, password=make.PASSWORD)

    bo = Agent.objects.get(email="bo@harbourpine.example")
    assert "Added. They can sign in now." in page
    assert (bo.rights, list(bo.teams.all()), bo.check_password(make.PASSWORD)) == (AGENT, [kitchen], True)
    event = Event.objects.get(verb="agent_added")
    assert (event.agent.name, event.facts["who"]) == ("Di Moreau", bo.pk)
    assert make.PASSWORD not in str(event.facts)


def test_what_is_wrong_is_said_and_what_was_written_stays(desk):
    page = sent(desk, "settings-person-new", status=422, name="Bo", email="di@harbourpine.example", role="agent",
                password="a-long-test-password")  # fmt: skip

    assert "There is an agent with the address di@harbourpine.example already." in page
    assert 'value="Bo"' in page


def test_another_role_holds_from_the_next_page_and_undo_brings_the_old_one_back(desk):
    bo, watch = make.agent(), Role.objects.create(name="Watch", rights=[Right.EVERY_TEAM])

    page = sent(desk, "settings-person", bo.pk, name=bo.name, email=bo.email, role=str(watch.pk))
    assert Agent.objects.get(pk=bo.pk).rights == {Right.EVERY_TEAM}
    assert "changed a person: Bo Lindqvist (role)" in page

    assert "Taken back" in undone(desk, page)
    assert Agent.objects.get(pk=bo.pk).rights == AGENT


def test_who_leaves_is_out_and_can_be_let_in_again(desk):
    bo = make.agent()

    page = sent(desk, "settings-person-leave", bo.pk)
    assert not Agent.objects.get(pk=bo.pk).is_active
    assert "Has left and can not sign in." in page
    assert "Bo Lindqvist" not in shown(desk, "settings-people").partition("settings-page")[2]
    assert "Bo Lindqvist" in shown(desk, "settings-people", gone="1")

    undone(desk, page)
    assert Agent.objects.get(pk=bo.pk).is_active


def test_a_forgotten_password_is_replaced_and_stands_nowhere(desk):
    bo = make.agent()

    assert "too short" in sent(desk, "settings-person-password", bo.pk, status=422, password="short")
    sent(desk, "settings-person-password", bo.pk, password="another-long-password")

    assert Agent.objects.get(pk=bo.pk).check_password("another-long-password")
    assert "another-long" not in str(list(Event.objects.values()))


# ---- teams and roles -------------------------------------------------------------------------------------------------


def test_a_team_is_made_renamed_restricted_and_undone(desk, di):
    sent(desk, "settings-team-new", name="Kitchen", members=[di.pk])
    kitchen = Team.objects.get(name="Kitchen")

    page = sent(desk, "settings-team", kitchen.pk, name="Oven", restricted="on")
    kitchen.refresh_from_db()
    assert (kitchen.name, kitchen.restricted, kitchen.agents.count()) == ("Oven", True, 0)

    undone(desk, page)
    kitchen.refresh_from_db()
    assert (kitchen.name, kitchen.restricted, kitchen.agents.get()) == ("Kitchen", False, di)


def test_only_partner_teams_get_a_last_day(desk):
    page = sent(desk, "settings-team-new", status=422, name="Kitchen", ends_on="2030-01-31")
    assert "Only partner teams end on a day." in page

    sent(desk, "settings-team-new", name="Hobb", partner="on", ends_on="2030-01-31")
    assert "until 31 January 2030" in shown(desk, "settings-teams")


def test_a_role_of_ones_own_is_made_shown_beside_the_others_and_removed(desk):
    sent(desk, "settings-role-new", name="Night shift", rights=[Right.ANSWER, Right.AUDIT])
    night = Role.objects.get(name="Night shift")

    assert "Night shift" in shown(desk, "settings-roles")
    sent(desk, "settings-role-drop", night.pk)
    assert not Role.objects.filter(pk=night.pk).exists()


# ---- channels and brands ---------------------------------------------------------------------------------------------


def test_a_mailbox_is_set_up_on_a_screen_and_its_password_is_never_shown(desk):
    sent(desk, "settings-brand-new", name="Harbour & Pine")
    said = {
        "name": "Hello",
        "brand": Brand.objects.get().pk,
        "imap_host": "imap.example.org",
        "imap_port": "993",
        "imap_user": "hello",
        "imap_password": "sea-holly-42",
        "aliases": "help@example.org, hi@example.org",
    }

    page = sent(desk, "settings-channel-new", "email", address="Hello@example.org", **said)

    channel = Channel.objects.get()
    assert (channel.kind, channel.address, channel.active) == ("email", "hello@example.org", True)
    assert channel.settings == {"imap_host": "imap.example.org", "imap_port": 993, "imap_user": "hello",
                                "aliases": ["help@example.org", "hi@example.org"]}  # fmt: skip
    assert channel.secrets["imap_password"] == "sea-holly-42"
    assert "holly" not in page + shown(desk, "settings-channels") + str(list(Event.objects.values()))
    assert "Kept, sealed." in page


def test_an_emptied_setting_goes_an_empty_password_stays_and_undo_brings_the_setting_back(desk):
    channel = make.channel(settings={"smtp_host": "smtp.example.org"}, secrets={"smtp_password": "kept"})

    page = sent(desk, "settings-channel", channel.pk, name="Hi", brand=channel.brand_id)
    channel.refresh_from_db()
    assert (channel.settings, channel.secrets["smtp_password"], channel.name) == ({}, "kept", "Hi")

    undone(desk, page)
    channel.refresh_from_db()
    assert channel.settings == {"smtp_host": "smtp.example.org"}


def test_new_passwords_can_not_be_taken_back_and_no_undo_is_offered(desk):
    channel = make.channel()

    page = sent(desk, "settings-channel", channel.pk, name=channel.name, smtp_password="new")

    assert Event.objects.get(verb="channel_changed").facts["sealed"] == ["smtp_password"]
    assert reverse("settings-undo", args=[Event.objects.get(verb="channel_changed").pk]) not in page


def test_a_channel_is_paused_and_resumed_and_one_in_trouble_says_why(desk):
    channel = make.channel(trouble="The mail server refused the sign-in.")
    assert "The mail server refused the sign-in." in shown(desk, "settings-channels")

    page = sent(desk, "settings-channel-pause", channel.pk)
    assert not Channel.objects.get().active
    assert "Paused" in shown(desk, "settings-channels")

    undone(desk, page)
    assert Channel.objects.get().active


@pytest.mark.parametrize("kind", ["email", "phone", "x", "chat", "store", "purchase", "signal"])
def test_every_kind_has_a_page_of_its_own_to_be_set_up(desk, kind):
    assert "Add it" in shown(desk, "settings-channel-new", kind)
    assert "This field is required." in sent(desk, "settings-channel-new", kind, status=422)


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_with_its_scopes_and_revoked(desk):
    page = sent(desk, "settings-key-new", status=200, name="Shop", scopes=[Scope.READ], last_day="2099-01-31")

    (secret,) = re.findall(r"tl_[\w-]{20,}", page)
    key = ApiKey.objects.get()
    assert key.digest == ApiKey.digest_of(secret)
    assert (key.scopes, key.made_by.name, key.works(timezone.now())) == ([Scope.READ], "Di Moreau", True)
    assert secret not in shown(desk, "settings-keys") + str(list(Event.objects.values()))

    sent(desk, "settings-key-revoke", key.pk)
    key.refresh_from_db()
    assert not key.works(timezone.now())
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["key_made", "key_revoked"]


# ---- the first page --------------------------------------------------------------------------------------------------


def test_the_checklist_is_read_from_the_data_and_ends_with_an_answered_message(desk):
    assert [step.done for step in checklist()] == [False] * 7
    assert "7 steps to the first answer" in shown(desk, "settings")

    make.channel(settings={"smtp_host": "smtp.example.org"})
    make.agent("Bo Lindqvist", make.team())
    touch = make.received("ana@example.com")
    assert [step.done for step in checklist()] == [True] * 6 + [False]

    Delivery.objects.create(interaction=touch, state="sent", changed_at=make.NOW)
    assert "Everything is set up" in shown(desk, "settings")


def test_who_may_only_read_the_log_lands_there_and_sees_no_other_page_of_the_settings(client: Client):
    kim = make.agent("Kim Keeper")
    kim.role = Role.objects.create(name="Keeper", rights=[Right.AUDIT])
    kim.save()
    client.force_login(kim)

    page = client.get(reverse("settings"), follow=True)

    assert page.redirect_chain[-1][0] == reverse("settings-audit")
    assert reverse("settings-people") not in page.content.decode()
    assert reverse("settings") in client.get(reverse("queue")).content.decode()


@pytest.mark.parametrize(("name", "most"), [("settings", 16), ("settings-people", 8), ("settings-channels", 7)])
def test_pages_of_the_settings_cost_few_queries(desk, django_assert_max_num_queries, name, most):
    for number in range(5):
        Agent.objects.create(email=f"a{number}@example.org", name=f"A {number}").teams.add(make.team(f"T{number}"))
        make.channel("store", f"store-{number}")

    with django_assert_max_num_queries(most):
        shown(desk, name)
