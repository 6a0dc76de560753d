"""Drafts, onlookers, taking back, sending later, files and copies, macros, policies, mentions."""

import email
from datetime import timedelta
from email.policy import default

import pytest

from tests import make
from threadline.accounts.models import Event
from threadline.channels.adapters.email import writing as mails
from threadline.channels.contract import Rejected
from threadline.interactions.actions.uploads import attach
from threadline.interactions.models import Attachment, Delivery, Interaction, Upload
from threadline.journeys import actions
from threadline.journeys.actions import delivery
from threadline.journeys.actions.drafts import Written
from threadline.journeys.actions.reply import NewerTouch, Way
from threadline.journeys.models import Draft, Journey, Macro, Mention, Onlooker, Policy
from threadline.journeys.replay import replay
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)
TEN = timedelta(seconds=10)
REPLAYED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bo():
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def cy():
    return make.agent("Cy Moran", make.team("Garden"))


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", name="Ana Karlsson", text="The kettle leaks. Order HP-4711.")


def way(touch: Interaction) -> Way:
    return Way(touch.channel, touch.thread.reply_address, touch.thread)


def sent(touch: Interaction, by, text: str = "A new one is on its way.", *, at=LATER, **more):
    written = Written(text, f"thread-{touch.thread_id}", **more.pop("written", {}))
    journey = make.journey_of(touch)
    return actions.answer(journey=journey, written=written, way=way(touch), by=by, now=at, **more)


def state(journey: Journey) -> tuple[object, ...]:
    journey.refresh_from_db()
    return (journey.status, journey.waiting_since, journey.touches, journey.last_text, journey.wake_at)


class TestADraft:
    def test_is_kept_changed_and_dropped_and_is_no_event(self, bo, kettle):
        journey, events = make.journey_of(kettle), Event.objects.count()

        actions.save_draft(journey=journey, written=Written("Dear"), by=bo, now=LATER)
        actions.save_draft(journey=journey, written=Written("Dear Ana", seen=kettle.pk), by=bo, now=LATER)
        kept = Draft.objects.get()
        actions.save_draft(journey=journey, written=Written("  "), by=bo, now=LATER)

        assert (kept.text, kept.seen) == ("Dear Ana", kettle.pk)
        assert not Draft.objects.exists()
        assert Event.objects.count() == events

    def test_of_what_was_just_sent_is_none(self, bo, kettle):
        journey = make.journey_of(kettle)
        sent(kettle, bo, hold=TEN)

        late = actions.save_draft(journey=journey, written=Written("A new one is on its way."), by=bo, now=LATER)

        assert late is None
        assert not Draft.objects.exists()

    @REPLAYED
    def test_survives_a_replay(self, bo, kettle):
        actions.save_draft(journey=make.journey_of(kettle), written=Written("Dear Ana"), by=bo, now=LATER)

        replay()

        assert Draft.objects.get().text == "Dear Ana"


class TestTakingBack:
    def test_makes_the_story_as_it_was_and_the_words_a_draft(self, bo, kettle):
        journey = make.journey_of(kettle)
        before = state(journey)
        touch = sent(kettle, bo, "**Sorry**, Ana.", hold=TEN, written={"then": "done", "cc": "kim@example.com"})
        answered = state(journey)

        draft = actions.take_back(interaction=touch, by=bo, now=LATER + timedelta(seconds=3))

        assert (answered[0], state(journey)) == ("done", before)
        assert (draft.text, draft.cc, draft.way) == ("**Sorry**, Ana.", "kim@example.com", f"thread-{kettle.thread_id}")
        assert Delivery.objects.get().state == "withdrawn"
        assert [event.verb for event in Event.objects.order_by("-pk")[:2]] == ["taken_back", "undone"]
        assert delivery.claim() == []

    def test_is_too_late_once_it_is_on_its_way(self, bo, kettle):
        touch = sent(kettle, bo, hold=TEN)
        assert delivery.claim() == []
        Delivery.objects.update(due_at=LATER)
        assert [each.pk for each in delivery.claim()] == [touch.pk]

        with pytest.raises(ThreadlineError, match="on its way already"):
            actions.take_back(interaction=touch, by=bo, now=LATER)

    @REPLAYED
    def test_is_repeated_by_a_replay(self, bo, kettle):
        journey = make.journey_of(kettle)
        touch = sent(kettle, bo, hold=TEN, written={"then": "tomorrow"})
        actions.take_back(interaction=touch, by=bo, now=LATER)
        sent(kettle, bo, "Another one.", at=LATER + TEN)
        before = state(journey)

        replay()

        assert state(journey) == before
        assert {each.state for each in Delivery.objects.all()} == {"withdrawn", "queued"}


class TestTheGuard:
    def test_holds_an_answer_when_a_colleague_answered_meanwhile(self, bo, cy, kettle):
        sent(kettle, cy, "Cy was faster.")

        with pytest.raises(NewerTouch, match="Cy Moran answered while you were writing"):
            sent(kettle, bo, written={"seen": kettle.pk})

        assert sent(kettle, bo, written={"seen": kettle.pk}, even_if_stale=True)

    def test_lets_ones_own_answers_pass(self, bo, kettle):
        sent(kettle, bo, "First.")

        assert sent(kettle, bo, "And second.", written={"seen": kettle.pk})


class TestSendingLater:
    def planned(self, bo, kettle, **more):
        journey = make.journey_of(kettle)
        written = Written("Good morning, Ana.", f"thread-{kettle.thread_id}", seen=kettle.pk, **more)
        at = make.NOW + timedelta(hours=1)
        return journey, actions.schedule(journey=journey, written=written, at=at, by=bo, now=make.NOW)

    def test_goes_out_by_itself_and_the_customer_waits_until_then(self, bo, kettle):
        journey, _ = self.planned(bo, kettle, then="done")
        assert state(journey)[0] == "open"

        actions.send_scheduled()
        actions.send_scheduled()

        assert [touch.text for touch in Interaction.objects.filter(direction="out")] == ["Good morning, Ana."]
        assert state(journey)[0] == "done"
        assert not Draft.objects.exists()

    def test_does_not_go_out_when_the_customer_wrote_before(self, bo, kettle):
        self.planned(bo, kettle)
        make.received("ana@example.com", text="Forget it, the kettle works, order HP-4711.")

        actions.send_scheduled()

        draft = Draft.objects.get()
        assert not Interaction.objects.filter(direction="out").exists()
        assert draft.send_at is None
        assert "Something newer arrived" in draft.trouble
        assert Event.objects.filter(verb="reply_kept_back").count() == 1

    def test_can_be_changed_after_it_was_planned_and_not_while(self, bo, kettle):
        journey, _ = self.planned(bo, kettle)
        with pytest.raises(ThreadlineError, match="goes out by itself"):
            actions.save_draft(journey=journey, written=Written("Other"), by=bo, now=LATER)

        actions.unschedule(journey=journey, by=bo, now=LATER)
        actions.send_scheduled()

        assert Draft.objects.get().send_at is None
        with pytest.raises(ThreadlineError, match="lies in the past"):
            actions.schedule(journey=journey, written=Written("x"), at=make.NOW, by=bo, now=LATER)

    def test_needs_a_writer_who_may_still_see_the_story(self, bo, kettle):
        self.planned(bo, kettle)
        Journey.objects.update(team=make.team("Trust", restricted=True))

        actions.send_scheduled()

        assert "may not see this story" in Draft.objects.get().trouble


class TestWhatGoesAlong:
    def test_files_copies_and_form_reach_the_mail(self, bo, kettle):
        upload = attach(name="Größe.pdf", data=b"%PDF-1.7 slip", by=bo, now=LATER)
        touch = sent(
            kettle, bo, "See the **slip**.", written={"cc": "Kim@example.com, lee@example.org"}, files=[upload.pk]
        )

        raw = mails.compose(delivery.outbound(touch), sender="hello@harbourpine.example", message_id="x@y.example")

        mail = email.message_from_bytes(raw, policy=default)
        assert mail["Cc"] == "kim@example.com, lee@example.org"
        assert mail.get_body(("plain",)).get_content().strip() == "See the slip."
        assert "<strong>slip</strong>" in mail.get_body(("html",)).get_content()
        (file,) = mail.iter_attachments()
        assert (file.get_filename(), file.get_content()) == ("Größe.pdf", b"%PDF-1.7 slip")
        assert Attachment.objects.get().name == "Größe.pdf"
        assert Upload.objects.get().sent

    @REPLAYED
    def test_files_survive_a_replay(self, bo, kettle):
        upload = attach(name="slip.pdf", data=b"%PDF-1.7 slip", by=bo, now=LATER)
        sent(kettle, bo, files=[upload.pk])

        replay()

        assert Attachment.objects.get().part == upload.pk

    @pytest.mark.parametrize("cc", ["kim", "kim@example.com\r\nBcc: all@example.com", "a@b"])
    def test_what_is_no_address_is_refused_in_words(self, bo, kettle, cc):
        with pytest.raises((ThreadlineError, Rejected), match="not an e-mail address"):
            sent(kettle, bo, written={"cc": cc})

    def test_a_file_that_is_too_big_is_refused_before_it_is_read(self, bo):
        with pytest.raises(ThreadlineError, match="has 21 MB; 20 MB go"):
            attach(name="film.mp4", data=b"0" * 21_000_000, by=bo, now=LATER)


class TestAMacro:
    def test_does_what_it_says_when_its_words_are_sent_and_all_of_it_is_taken_back(self, bo, cy, kettle):
        journey, garden = make.journey_of(kettle), make.team("Garden")
        journey.refresh_from_db()
        macro = actions.write_macro(
            name="Refund",
            text="Dear {first name}",
            actions={"intent": "Refund", "owner": cy.pk, "team": garden.pk, "then": "done"},
            owner=bo,
            by=bo,
            now=LATER,
        )
        before = (journey.intent, journey.owner, journey.team)

        touch = sent(kettle, bo, hold=TEN, written={"macros": (macro.pk,)})
        journey.refresh_from_db()
        did = (journey.intent, journey.owner, journey.team, journey.status)
        actions.take_back(interaction=touch, by=bo, now=LATER)

        journey.refresh_from_db()
        assert did == ("Refund", cy, garden, "done")
        assert ((journey.intent, journey.owner, journey.team), journey.status) == (before, "open")

    def test_of_a_colleague_is_neither_seen_nor_carried_out(self, bo, cy, kettle):
        macro = actions.write_macro(name="Mine", text="x", actions={"then": "done"}, owner=cy, by=cy, now=LATER)

        sent(kettle, bo, written={"macros": (macro.pk,)})

        assert make.journey_of(kettle).status == "waiting"
        assert not Macro.objects.visible_to(bo).exists()
        with pytest.raises(ThreadlineError, match="not yours to change"):
            actions.withdraw_macro(macro=macro, by=bo, now=LATER)

    def test_that_would_not_work_is_refused_and_one_put_away_comes_back(self, bo):
        with pytest.raises(ThreadlineError, match=r"Nothing fills \{ordr\}"):
            actions.write_macro(name="Order", text="Your {ordr}", actions={}, owner=bo, by=bo, now=LATER)
        with pytest.raises(ThreadlineError, match="Your role writes no macros for everybody"):
            actions.write_macro(name="Order", text="Yours", actions={}, by=bo, now=LATER)
        macro = actions.write_macro(name="Order", text="Yours", actions={}, owner=bo, by=bo, now=LATER)
        with pytest.raises(ThreadlineError, match="There is a macro “Order” already"):
            actions.write_macro(name="Order", text="Again", actions={}, owner=bo, by=bo, now=LATER)

        actions.withdraw_macro(macro=macro, by=bo, now=LATER)
        gone = list(Macro.objects.standing())
        actions.withdraw_macro(macro=macro, by=bo, now=LATER, back=True)

        assert (gone, list(Macro.objects.standing())) == ([], [macro])


def test_policies_are_written_by_admins_and_may_needs_a_limit_and_a_decider(bo):
    di = make.agent("Di Admin", is_admin=True)
    values = {"name": "Refund", "standing": "may", "phrases": "refund", "limit": "£25", "decides": "a lead"}

    with pytest.raises(ThreadlineError, match="Your role does not say"):
        actions.write_policy(values=values, by=bo, now=LATER)
    with pytest.raises(ThreadlineError, match="write the limit"):
        actions.write_policy(values={**values, "limit": ""}, by=di, now=LATER)
    policy = actions.write_policy(values=values, by=di, now=LATER)
    actions.withdraw_policy(policy=policy, by=di, now=LATER)

    assert not Policy.objects.standing().exists()
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["policy_written", "policy_withdrawn"]


class TestAMention:
    @REPLAYED
    def test_waits_until_it_was_seen_also_after_a_replay(self, bo, cy, kettle):
        journey = make.journey_of(kettle)
        actions.note(journey=journey, text="@cy can you ring the workshop? cc bo@x.example @nobody", by=bo, now=LATER)
        replay()
        open_before = list(Mention.objects.filter(seen_at=None).values_list("agent", flat=True))

        actions.saw(journey=journey, by=cy, now=LATER)
        replay()

        assert open_before == [cy.pk]
        assert Mention.objects.get().seen_at == LATER

    def test_that_would_not_reach_anybody_is_refused(self, bo, cy, kettle):
        trust = make.team("Trust", restricted=True)
        bo.teams.add(trust)
        Journey.objects.update(team=trust)

        with pytest.raises(ThreadlineError, match="Cy Moran may not see this story"):
            actions.note(journey=make.journey_of(kettle), text="@cy look", by=bo, now=LATER)


def test_onlookers_tell_others_only_what_is_news(bo, kettle, monkeypatch):
    told: list[object] = []
    monkeypatch.setattr("threadline.journeys.actions.onlookers.whisper", lambda journey, team: told.append(journey))
    journey = make.journey_of(kettle)

    for seconds in (0, 5, 20):
        actions.here(journey=journey, by=bo, now=LATER + timedelta(seconds=seconds))
    came = len(told)
    for seconds in (21, 22, 23):
        actions.here(journey=journey, by=bo, now=LATER + timedelta(seconds=seconds), writing=True)
    wrote = len(told)
    actions.gone(journey=journey, by=bo)

    assert (came, wrote, len(told)) == (1, 2, 3)
    assert not Onlooker.objects.exists()
