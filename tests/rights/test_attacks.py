"""Ways around the one door, as somebody would try them who is let in but not to everything."""

import asyncio
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts import actions as actions_of_people
from threadline.accounts.models import Agent, Event, Role, Team
from threadline.accounts.rights import Right
from threadline.customers.models import Customer, Identity
from threadline.desk import live
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey
from threadline.lib.sheets import cell
from threadline.portal.actions import chatting
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat.tokens import fresh
from threadline.portal.models import Chat

pytestmark = pytest.mark.django_db


def person(name: str, *teams: Team, role: Role | None = None) -> Agent:
    made = Agent.objects.create(email=f"{name.split()[0].lower()}@harbourpine.example", name=name, role=role)
    made.teams.set(teams)
    return Agent.objects.get(pk=made.pk)


@pytest.fixture
def bo() -> Agent:
    return person("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def hobb() -> Team:
    """People of another company."""
    return Team.objects.create(name="Hobb", partner=True)


@pytest.fixture
def pat(hobb: Team) -> Agent:
    """Sees the stories of that team and nobody else's."""
    return person("Pat Partner", hobb)


@pytest.fixture
def trust() -> Team:
    return make.team("Trust", restricted=True)


def story(sender: str, text: str = "The kettle I bought leaks.", *, team: Team | None = None) -> Journey:
    journey = make.journey_of(make.received(sender, text))
    Journey.objects.filter(pk=journey.pk).update(team=team)
    journey.refresh_from_db()
    return journey


# ---- rights ----------------------------------------------------------------------------------------------------------


def test_who_may_only_write_notes_moves_no_story_with_the_actions_of_a_macro(client: Client, trust: Team):
    nan = person("Nan Notes", role=Role.objects.create(name="Notes", rights=[Right.NOTES]))
    does = {"then": "done", "team": trust.pk}
    macro = actions.write_macro(name="Close", text="Thanks", actions=does, by=nan, owner=nan, now=make.NOW)
    journey = story("ana@example.com")
    client.force_login(nan)

    said = {"way": "note", "text": "Look here.", "macro": macro.pk}
    answer = client.post(reverse("story-reply", args=[journey.pk]), said)

    journey.refresh_from_db()
    assert answer.status_code == 302
    assert (journey.status, journey.team) == (Journey.Status.OPEN, None)
    assert journey.notes.get().text == "Look here."


def test_a_partner_joins_and_parts_nobody_whom_they_may_not_look_up(client: Client, bo: Agent, pat: Agent, hobb: Team):
    mine, theirs, other = (story(f"{name}@example.com", team=team) for name, team in
                           (("ana", hobb), ("ben", None), ("cleo", None)))  # fmt: skip
    merged = actions.merge_customers(customer=other.customer, into=theirs.customer, by=bo, now=timezone.now())
    client.force_login(pat)

    for route in ("person-merge", "person-apart"):
        client.post(reverse(route, args=[mine.customer_id]), {"other": theirs.customer_id})
    undone = client.post(reverse("event-undo", args=[merged.pk]))

    assert undone.status_code == 404
    assert not Event.objects.filter(agent=pat, verb__in=["customers_merged", "kept_apart", "undone"]).exists()
    assert Customer.objects.get(pk=other.customer_id).merged_into_id == theirs.customer_id


def test_a_partner_who_writes_a_call_down_reads_no_number_of_somebody_elses_customer(client: Client, pat: Agent):
    call = make.received("+447700900155", "She called about the lamp.", name="Cleo Winter")
    stranger = Identity.objects.get(value="+447700900155").customer_id
    client.force_login(pat)

    page = client.get(reverse("call-new"), {"customer": stranger}).content.decode()

    assert call.pk
    assert "900155" not in page
    assert "Cleo" not in page


def test_undoing_brings_nothing_back_out_of_a_story_that_one_may_not_see(client: Client, bo: Agent, trust: Team):
    """Tia of the trust team took a touch into a story of theirs. Bo undoes that, and would read it again."""
    tia = person("Tia Trust", trust)
    first = make.received("ana@example.com", "The kettle leaks. Order HP-4711.")
    second = make.received("ana@example.com", "My card was stolen by your courier.")
    here = make.journey_of(first)
    if make.journey_of(second) != here:
        actions.move(interaction=second, to=here, by=tia, now=timezone.now())
    split = actions.split(journey=here, interactions=[second], by=tia, now=timezone.now())
    secret = make.journey_of(second)
    actions.assign(journey=secret, owner=None, team=trust, by=tia, now=timezone.now())
    client.force_login(bo)

    answer = client.post(reverse("event-undo", args=[split.pk]))

    assert answer.status_code == 404
    assert make.journey_of(second) == secret


# ---- chats -----------------------------------------------------------------------------------------------------------


def test_what_was_split_off_a_chat_for_a_restricted_team_does_not_stand_in_the_chat_of_others(
    client: Client, bo: Agent, trust: Team
):
    session, tia = fresh(make.channel("chat")), person("Tia Trust", trust)
    for number, text in enumerate(("My kettle leaks.", "And my neighbour hurt me, tell nobody.")):
        visitor = Visitor(make.channel("chat"), session)
        chatting.say(visitor, text=text, once=f"message-{number}", now=timezone.now() + timedelta(seconds=number))
        make.process()
    first, second = Interaction.objects.order_by("pk")
    assert make.journey_of(first) == make.journey_of(second)
    actions.split(journey=make.journey_of(first), interactions=[second], by=tia, now=timezone.now())
    actions.assign(journey=make.journey_of(second), owner=None, team=trust, by=tia, now=timezone.now())
    chat = Chat.objects.get()

    def seen_by(agent: Agent) -> str:
        client.force_login(agent)
        pages = client.get(reverse("chats")), client.get(reverse("chat", args=[chat.pk]))
        return "".join(page.content.decode() for page in pages)

    assert "My kettle leaks." in seen_by(bo)
    assert "tell nobody" not in seen_by(bo)
    assert "tell nobody" in seen_by(tia)


# ---- live updates ----------------------------------------------------------------------------------------------------


def heard(screen: live.Screen) -> list[str]:
    messages = []
    while not screen.queue.empty():
        messages.append(screen.queue.get_nowait()[1].decode())
    return messages


@pytest.mark.django_db(transaction=True)
def test_live_updates_tell_a_partner_of_their_stories_only(pat: Agent, hobb: Team, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    mine, foreign = story("ana@example.com", team=hobb), story("ben@example.com")
    screen = live.Screen.of(pat)
    broker = live.Broker()
    broker.screens.add(screen)
    at = Event.objects.order_by("-pk")[0].pk
    rows: list[live.Row] = [
        (at + 1, "noted", mine.pk, mine.customer_id, None, None),
        (at + 2, "noted", foreign.pk, foreign.customer_id, None, None),
        (at + 3, "settings_changed", None, None, None, None),
    ]

    def chat_of(number: int) -> dict[str, object]:
        return {"chat": 1, "what": "visitor_typing", "name": f"of {number}", "journey": number, "upto": 0, "team": None}

    async def told() -> list[str]:
        await broker.tell(rows)
        for journey in (mine, foreign):
            await broker.pass_on(chat_of(journey.pk))
            await broker.whisper(journey.pk, None)
        return heard(screen)

    with_past = [row[2] for row in live.missed(pat, 0)]
    messages = asyncio.run(told())

    assert len(messages) == 3
    assert all(f'"journey": {mine.pk}' in message for message in messages)
    assert set(with_past) == {mine.pk}


@pytest.mark.parametrize("end", ["left", "signed out", "partner over", "team taken"])
def test_an_open_stream_ends_or_narrows_with_the_rights_of_whoever_listens(
    client: Client, di: Agent, hobb: Team, trust: Team, end: str
):
    pat = person("Pat Partner", hobb) if end == "partner over" else person("Bo Lindqvist", trust)
    client.force_login(pat)
    key = client.session.session_key
    before = live.who(key)
    if end == "left":
        actions_of_people.deactivate(agent=pat, by=di, now=timezone.now())
    elif end == "signed out":
        client.post(reverse("sign-out"))
    elif end == "partner over":
        Team.objects.filter(pk=hobb.pk).update(ends_on=date.today() - timedelta(days=2))
    else:
        pat.teams.clear()

    after = live.who(key)

    assert before is not None
    if end == "team taken":
        assert after is not None
        assert (before.may_see(trust.pk), after.may_see(trust.pk)) == (True, False)
    else:
        assert after is None


# ---- what is taken along ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＠x"])
def test_no_cell_of_a_table_that_is_taken_along_is_a_formula(text: str):
    assert str(cell(text)).startswith("'")
