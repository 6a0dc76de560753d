"""Every address × everybody: who gets through, who is asked to sign in, who is refused, who finds nothing.

What to expect stands in `rules.py`; what there is comes from the URL configuration and the API's routes.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests import make
from tests.rights.rules import BESIDE, CALLS, PAGES
from threadline.accounts.actions import change_team
from threadline.accounts.actions.teams import Shape
from threadline.accounts.models import Agent, ApiKey, Provider, Role, Team
from threadline.accounts.rights import SUPERVISOR, Right, Scope
from threadline.config.front_door import app
from threadline.core.routing import Policy as Rules
from threadline.core.routing import Rule as RoutingRule
from threadline.core.understanding.intents import default_tree
from threadline.interactions.models import Attachment, Delivery, Interaction, Upload
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.api import api
from threadline.journeys.models import Field, Journey, Macro, Policy
from threadline.journeys.routing import policies
from threadline.portal.actions import chatting
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat.tokens import fresh
from threadline.portal.models import Callback, Chat, Film, PhoneCall

pytestmark = pytest.mark.django_db
NO_RIGHT = ("public", "signed in", "whoever signed in", "refused until a provider vouches")
IN, THROUGH, REFUSED, NOTHING = "asked to sign in", "gets through", "refused", "finds nothing"


@dataclass(frozen=True)
class Rule:
    method: str
    name: str
    rule: str

    @property
    def rights(self) -> set[str]:
        """Any of these is enough."""
        asked = self.rule.partition(" + ")[0]
        return set() if asked in NO_RIGHT else set(asked.split("|"))

    @property
    def about(self) -> str:
        return self.rule.partition(" + ")[2]


def lines(table: str) -> list[Rule]:
    rows = (line.split(maxsplit=2) for line in table.strip().splitlines() if line)
    return [Rule(method, name, rule.strip()) for method, name, rule in rows]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


RULES = lines(PAGES)
CONVERTERS = [each for pattern in patterns(get_resolver()) for each in pattern.pattern.converters]
PATTERNS = {pattern.name or str(pattern.pattern) or "start": pattern for pattern in patterns(get_resolver())}


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert {rule.name for rule in RULES} == set(PATTERNS)


def test_every_call_of_the_api_and_everything_beside_the_pages_has_a_rule():
    calls = {(method, route.path) for route in api.routes for method in route.methods - {"HEAD"}}
    beside = {route.path or "/" for route in app.routes}

    assert calls - {("GET", "/docs/oauth2-redirect")} == {(rule.method, rule.name) for rule in lines(CALLS)}
    assert beside == {line.split()[0] for line in BESIDE.strip().splitlines()}


# ---- pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Somebody:
    """`sees` is whether the story below is one of theirs, `finds` whether its person is."""

    agent: Agent | None
    sees: bool = True
    finds: bool = True

    def expected(self, rule: Rule) -> str:
        if rule.rule in ("public", "public + else"):
            return NOTHING if rule.about else THROUGH
        if self.agent is None:
            return IN
        if rule.rule == "refused until a provider vouches":
            return IN
        if rule.rule == "whoever signed in":
            return THROUGH
        if not self.agent.has_access:
            return REFUSED
        if rule.rights and not rule.rights & self.agent.rights:
            return REFUSED
        return THROUGH if {"story": self.sees, "person": self.finds, "else": False}.get(rule.about, True) else NOTHING


@pytest.fixture
def arguments() -> dict[str, list[object]]:
    """What each address is about: a story of the Kitchen, which is restricted, with a mail, an answer and a file."""
    kitchen, bo = make.team("Kitchen", restricted=True), somebody("Bo Lindqvist")
    di = somebody("Di Moreau", is_admin=True)
    bo.teams.add(kitchen)
    make.channel("email")
    touch, other = make.received("ana@example.com", name="Ana Karlsson"), make.received("nils@example.org", "My lamp?")
    story, elsewhere = make.journey_of(touch), make.journey_of(other)
    for journey in (story, elsewhere):
        actions.assign(journey=journey, owner=None, team=kitchen, by=bo, now=timezone.now())
    event = actions.snooze(journey=elsewhere, until=timezone.now() + timedelta(days=1), by=bo, now=timezone.now())
    touch.html = "<p>It leaks.</p>"
    touch.save(update_fields=["html"])
    file = Attachment.objects.create(interaction=touch, part=1, name="a.txt", content_type="text/plain", size=0)
    Delivery.objects.create(interaction=touch, state="failed", reason="full", changed_at=timezone.now())
    garden = make.team("Garden")
    change = change_team(team=garden, shape=Shape("The garden"), members=[], by=di, now=timezone.now())
    mail = Rules((RoutingRule("By mail", kitchen.pk, kinds=("email",)),))
    policies.change(lambda _: mail, words="by mail", by=di, now=timezone.now())
    key = ApiKey.objects.create(name="shop", prefix="tl_x", digest="x")
    provider = Provider.objects.create(slug="house", name="House", issuer="http://127.0.0.1:9", client_id="desk")
    draft = actions.save_draft(journey=story, written=Written("Dear Ana"), by=bo, now=timezone.now())
    macro = Macro.objects.create(name="Hello", text="Dear {first name}", team=kitchen)
    policy = Policy.objects.create(name="A refund", standing="can", phrases="refund")
    person, another = make.customer_of(touch), make.customer_of(other)
    return {
        "agent_id": [somebody("Fay Okafor").pk],
        "brand_id": [make.brand().pk],
        "chat_id": [chat_of(kitchen).pk],
        "channel_id": [make.channel("email").pk],
        "customer_id": [person],
        "draft_id": [draft.pk],
        "macro_id": [macro.pk],
        "policy_id": [policy.pk],
        "upload_id": [1],
        "run_id": [999_999],
        "view_id": [999_999],
        "event_id": [event.pk],
        "call_id": [call_of(story).pk],
        "callback_id": [callback_of(story).pk],
        "file_id": [file.pk],
        "field_id": [Field.objects.create(of="person", key="vip", name="VIP", kind="yes_no").pk],
        "consent_id": [999_999],
        "film_id": [film_of(story, bo).pk],
        "journey_id": [story.pk],
        "key": ["no-such-key"],
        "key_id": [key.pk],
        "kind": ["email"],
        "number": [999_999],
        "name": [default_tree()[0].name],
        "network": ["x"],
        "other_id": [another],
        "pk": [file.pk],
        "provider_id": [provider.slug],
        "ticket": ["made-up"],
        "slug": [provider.slug],
        "version": [999_999],
        "role_id": [Role.objects.get_or_create(name="Spare")[0].pk],
        "team_id": [garden.pk],
        "token": ["no-such-token"],
        "touch_id": [touch.pk],
        "settings-undo": [change.pk],
        **{each: [somebody("Fay Okafor").pk] for each in ("agent-password-link", "agent-take-off")},
        **{each: [1] for each in ("routing-rule", "routing-earlier", "routing-remove")},
    }


def chat_of(team: Team) -> Chat:
    """Somebody who wrote in the chat, in a story of this team."""
    channel = make.channel("chat")
    session = fresh(channel)
    chatting.say(Visitor(channel, session), text="It leaks.", once="first-message", now=timezone.now())
    make.process()
    touch = Interaction.objects.order_by("-pk")[0]
    Journey.objects.filter(pk=make.journey_of(touch).pk).update(team=team)
    return Chat.objects.get(session=session.session)


def call_of(story: Journey) -> PhoneCall:
    """Somebody waits on the telephone, in a story."""
    now, line = timezone.now(), make.channel("phone")
    return PhoneCall.objects.create(channel=line, rang_at=now, waits_since=now, journey=story.pk)


def callback_of(story: Journey) -> Callback:
    now = timezone.now()
    about = {"number": "+447700900123", "asked_at": now, "due_at": now + timedelta(hours=1)}
    return Callback.objects.create(call=call_of(story), journey=story.pk, **about)


def film_of(story: Journey, by: Agent) -> Film:
    now = timezone.now()
    upload = Upload.objects.create(name="v.webm", content_type="video/webm", size=1, data=b"1", by=by, at=now)
    ends = now + timedelta(days=1)
    return Film.objects.create(key="secret", upload=upload, journey=story.pk, by=by, made_at=now, ends_at=ends)


@pytest.fixture
def everybody(arguments: dict[str, list[object]]) -> dict[str, Somebody]:
    kitchen = make.team("Kitchen")
    partner, gone = make.team("Partner"), make.team("Gone")
    for team, ends in ((partner, None), (gone, timezone.localdate() - timedelta(days=1))):
        team.partner, team.ends_on = True, ends
        team.save()
    reader = with_role(somebody("Rae Reader", kitchen), "Reader", [])
    keeper = with_role(somebody("Kim Keeper", kitchen), "Keeper", [Right.KEYS, Right.AUDIT])
    sue = with_role(somebody("Sue Visor"), "Watch", SUPERVISOR)
    return {
        "signed out": Somebody(None),
        "Bo of the Kitchen": Somebody(somebody("Bo Lindqvist")),
        "Cy of another team": Somebody(somebody("Cy Moran", make.team("The garden")), sees=False),
        "Rae who only reads": Somebody(reader),
        "Kim with keys and log": Somebody(keeper),
        "Sue who supervises": Somebody(sue),
        "Di the admin": Somebody(somebody("Di Moreau", is_admin=True)),
        "Pat of a partner": Somebody(somebody("Pat Partner", partner), sees=False, finds=False),
        "Gus of a partner that ended": Somebody(somebody("Gus Gone", gone), sees=False, finds=False),
    }


def somebody(name: str, *teams: Team, is_admin: bool = False) -> Agent:
    """Without a password: making one takes longer than a request."""
    email = f"{name.split()[0].lower()}@harbourpine.example"
    agent = Agent.objects.filter(email=email).first() or Agent.objects.create(email=email, name=name, is_admin=is_admin)
    agent.teams.add(*teams)
    return agent


def with_role(agent: Agent, name: str, rights: object) -> Agent:
    agent.role = Role.objects.create(name=name, rights=sorted(rights))  # type: ignore[call-overload]
    agent.save(update_fields=["role"])
    return agent


def test_everybody_gets_as_far_as_the_table_says_at_every_address(everybody, arguments, caplog):
    caplog.set_level(logging.ERROR, "django.request")
    wrong, asked = [], 0
    for who, one in everybody.items():
        client = Client()
        if one.agent is not None:
            client.force_login(one.agent)
            one = replace(one, agent=Agent.objects.get(pk=one.agent.pk))
        session = client.cookies.output(header="")
        for rule in RULES:
            asked += 1
            client.cookies.clear()
            client.cookies.load(session)  # also after signing out
            got, expected = outcome(client, rule, arguments), one.expected(rule)
            if got != expected:
                wrong.append(f"{who}, {rule.method} {rule.name} ({rule.rule}): {got}, not {expected}")

    assert "\n".join(wrong) == ""
    assert asked == len(everybody) * len(RULES)


def outcome(client: Client, rule: Rule, arguments: dict[str, list[object]]) -> str:
    """One request, of which nothing stays."""
    with transaction.atomic():
        answer = client.generic(rule.method, address(rule.name, arguments))
        transaction.set_rollback(True)
    return said(answer)


def address(name: str, arguments: dict[str, list[object]]) -> str:
    pattern = PATTERNS[name]
    if not pattern.name:
        return f"/{pattern.pattern}"
    own = arguments.get(name)
    return reverse(name, args=own or [arguments[each][0] for each in pattern.pattern.converters])


def said(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("sign-in") + "?next="):
        return IN
    assert answer.status_code != 500, answer
    return {401: IN, 403: REFUSED, 404: NOTHING}.get(answer.status_code, THROUGH)


def test_what_changes_something_is_no_link(client: Client):
    """So that it can not be opened by a picture in a mail."""
    client.force_login(somebody("Di Moreau", is_admin=True))
    numbers: dict[str, list[object]] = {key: [1] for key in CONVERTERS}
    changing = [rule.name for rule in RULES if rule.method == "POST"]

    answers = {name: client.get(address(name, numbers)).status_code for name in changing}

    assert {name: status for name, status in answers.items() if status != 405} == {}


def test_every_scope_of_a_key_is_asked_for_somewhere():
    asked = {rule.rule.removeprefix("scope ") for rule in lines(CALLS) if rule.rule != "public"}

    assert asked == set(Scope.values)
