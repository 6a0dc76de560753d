"""A small world with a row in every table that has a rule, and SQL that goes past all our code."""

from datetime import timedelta

from django.db import connection, models

from tests import make
from tests.invariants import of_exchange
from threadline.accounts.models import Allowance, ApiKey, Event, Invitation, Provider, Role, Sight, SignInRules
from threadline.customers.models import Identity, IdentityLink
from threadline.interactions.models import Attachment, ImportRun, Interaction, Receipt
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import (
    BulkRun,
    Cause,
    ChannelPlan,
    Consent,
    Field,
    FieldValue,
    Journey,
    Macro,
    Mute,
    Notice,
    NoticeSend,
    Policy,
    PushBrowser,
    PushKey,
    RuleBook,
    RuleFinding,
    RulePlace,
    RuleRun,
    RuleTimer,
    RuleTrial,
    SavedView,
    ViewPlace,
    Wishes,
)


def build() -> None:
    """Ana's kettle, answered by Bo, and Zoe's lamp; a suggestion that both are one; a key, a receipt, an import."""
    make.promised()
    kettle = make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW)
    lamp = make.received("zoe@example.org", "Where is my lamp?", at=make.NOW)
    answer(kettle)
    actions.note(journey=make.journey_of(lamp), text="Ask the depot.", by=make.agent(), now=make.NOW)
    Attachment.objects.create(interaction=kettle, name="leak.jpg", content_type="image/jpeg", size=7, part=1)
    left, right = Identity.objects.order_by("pk")[:2]
    decision = left.decision
    for number, superseded in enumerate((make.NOW, None)):
        at = make.NOW + timedelta(minutes=number)
        IdentityLink.objects.create(
            left=left, right=right, standing="suggested", bits=3, decision=decision, at=at, superseded_at=superseded
        )
    key = ApiKey.objects.create(name="shop", prefix="tl_abc", digest=ApiKey.digest_of("tl_abc"))
    Receipt.objects.create(api_key=key, key="order-1", digest="0" * 64, answer={})
    ImportRun.objects.create(digest="1" * 64, path="old.jsonl")
    make.team()
    Role.objects.get_or_create(name="Night shift")
    Sight.objects.create(at=make.NOW, agent=make.agent(), customer_id=kettle.pk)
    signing_in()
    writing(make.journey_of(lamp))
    noticing(make.journey_of(lamp))
    ruling(make.journey_of(lamp))
    filling(make.journey_of(lamp))
    of_exchange.build(kettle)
    moved = actions.move(interaction=lamp, to=make.journey_of(kettle), by=make.agent(), now=make.NOW)
    actions.undo(event=Event.objects.get(pk=moved.pk), by=make.agent(), now=make.NOW)


def signing_in() -> None:
    """Fay is invited, a provider vouches for others, and the rules are written down."""
    Invitation.objects.create(
        email="fay@example.com", by=make.agent(), made_at=make.NOW, expires_at=make.NOW + timedelta(days=7)
    )
    Provider.objects.create(slug="house", name="House", issuer="https://id.example.com", client_id="desk")
    SignInRules.objects.get_or_create(pk=SignInRules.ONLY)
    Allowance.objects.create(key="chat message x", left=3, at=make.NOW)


def writing(journey: Journey) -> None:
    """Bo has begun an answer, named Cy in a note, keeps a text ready, and may refund up to a limit."""
    by, now = make.agent(), make.NOW
    make.agent("Cy Moran")
    actions.save_draft(journey=journey, written=Written("Dear Zoe"), by=by, now=now)
    actions.note(journey=journey, text="@cy, have you seen it?", by=by, now=now)
    Macro.objects.create(name="Hello", text="Dear {first name}")
    Policy.objects.create(name="A refund", standing="may", phrases="refund", limit="£25", decides="a lead")
    ChannelPlan.objects.create(since=now, plan={}, words="Refunds are talked about")
    wish = {"scheme": "tel", "address": "+447700900123", "kind": "sms", "allowed": False}
    Consent.objects.create(**wish, evidence="Said so", agent=by, at=now)
    view = SavedView.objects.create(name="Refunds", filters={"view": "ours"})
    ViewPlace.objects.create(agent=by, view=view, place=0)
    BulkRun.objects.create(agent=by, what="done", stories=[journey.pk], began_at=now)


def noticing(journey: Journey) -> None:
    """Bo was told of a story on screen and by a push that is due, wishes some quiet, and muted a reason."""
    bo, at = make.agent(), make.NOW
    notice = Notice.objects.create(agent=bo, journey=journey, reason="wrote", event_id=1, at=at)
    browser = PushBrowser.objects.create(agent=bo, endpoint="https://push.example.com/1", device="Firefox", made_at=at)
    values = {"notice": notice, "agent": bo, "reason": "wrote", "at": at}
    NoticeSend.objects.create(way="push", state="due", next_at=at, browser=browser, to="Firefox", **values)
    PushKey.objects.create(public="k", secret={"private": "k"}, made_at=at)
    Wishes.objects.create(agent=bo, quiet_since=1320, quiet_until=420)
    Mute.objects.create(agent=bo, reason="wrote", at=at)
    Cause.objects.create(event_id=1)


def ruling(journey: Journey) -> None:
    """A draft of rules that was tried, a look, and a span that runs."""
    by, now = make.agent(), make.NOW
    book = RuleBook.objects.create(document={"rules": []}, at=now)
    named = {"rule": "a", "name": "A", "journey_id": journey.pk, "at": now, "verdict": "ran", "reason": "It did."}
    RuleRun.objects.create(book=book, cause="event 1", **named)
    RuleTimer.objects.create(rule="a", journey_id=journey.pk, since=now, due_at=now + timedelta(hours=1))
    RulePlace.objects.create(pk=1, event_id=1)
    trial = RuleTrial.objects.create(book=book, by=by, at=now, document={}, days=7, told_at=now)
    RuleFinding.objects.create(trial=trial, **named)


def filling(journey: Journey) -> None:
    """A field of stories, and what stands in it."""
    field = Field.objects.create(of="story", key="shelf", name="Shelf", kind="text")
    FieldValue.objects.create(field=field, on_journey=journey, journey=journey, value="A7", event_id=1, at=make.NOW)


def answer(touch: Interaction) -> Interaction:
    """Bo answers in the thread of a touch."""
    way = Way(touch.channel, touch.thread.reply_address, touch.thread)
    later = touch.at + timedelta(hours=1)
    return actions.reply(
        journey=make.journey_of(touch), text="A new one is on its way.", way=way, by=make.agent(), now=later
    )


def again(model: type[models.Model], **changes: str) -> str:
    """SQL that writes the first row of a table once more, with some columns changed to SQL expressions."""
    table, key = model._meta.db_table, model._meta.pk
    columns = {
        field.column: changes.get(field.column, f'"{field.column}"')
        for field in model._meta.concrete_fields
        if not field.generated and (field is not key or not isinstance(field, models.AutoField) or "id" in changes)
    }
    assert set(changes) <= set(columns), f"{table} has no such columns: {changes}"
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"insert into {table} ({names}) select {', '.join(columns.values())} from {table} order by {key.column} limit 1"
    )


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("set constraints all immediate")
