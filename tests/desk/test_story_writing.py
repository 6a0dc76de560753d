"""The composer: drafts and who else is here, warnings, files, texts kept ready, mentions; and their settings."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Event
from threadline.interactions.actions.uploads import forget_uploads
from threadline.interactions.models import Attachment, Delivery, Interaction, Upload
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.models import Draft, Journey, Macro, Mention, Policy

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
PDF = b"%PDF-1.7 slip"


@pytest.fixture
def bo():
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def cy():
    return make.agent("Cy Moran", make.team("Garden"))


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", name="Ana Karlsson", text="The kettle leaks. Order HP-4711.")


@pytest.fixture
def desk(bo) -> Client:
    return signed_in(bo)


def signed_in(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def post(desk: Client, route: str, *numbers: int, htmx: bool = True, **data: object):
    return desk.post(reverse(route, args=numbers), data, headers=FRAGMENT if htmx else {})


def said(answer) -> str:
    return answer.content.decode()


def number(kettle: Interaction) -> int:
    return make.journey_of(kettle).pk


def test_what_is_typed_comes_back_on_another_machine_and_colleagues_see_it(desk, cy, kettle):
    post(desk, "draft-save", number(kettle), text="Dear Ana, the new", way="note", seen=kettle.pk)

    again = said(desk.get(reverse("story", args=[number(kettle)])))
    seen_by_cy = said(signed_in(cy).get(reverse("story", args=[number(kettle)])))

    assert "Dear Ana, the new</textarea>" in again
    assert "Bo is writing" in seen_by_cy
    assert "“Dear Ana, the new”" in seen_by_cy
    assert "the new</textarea>" not in seen_by_cy


def test_saving_a_draft_costs_few_queries(desk, kettle, django_assert_max_num_queries):
    journey = number(kettle)
    post(desk, "draft-save", journey, text="Dear")

    with django_assert_max_num_queries(13):
        post(desk, "draft-save", journey, text="Dear Ana, we can't send your order number?")


def test_a_colleagues_words_are_copied_and_theirs_stay(desk, bo, cy, kettle):
    journey = make.journey_of(kettle)
    theirs = actions.save_draft(journey=journey, written=Written("Dear Ana"), by=cy, now=timezone.now())

    post(desk, "draft-use", journey.pk, theirs.pk)

    assert sorted(Draft.objects.values_list("agent", "text")) == sorted([(bo.pk, "Dear Ana"), (cy.pk, "Dear Ana")])


def test_nobody_of_another_team_sees_writes_or_hears_of_a_draft(bo, cy, kettle):
    journey = make.journey_of(kettle)
    draft = actions.save_draft(journey=journey, written=Written("Secret"), by=bo, now=timezone.now())
    Journey.objects.update(team=make.team("Trust", restricted=True))
    macro = actions.write_macro(name="Hi", text="Hi", actions={}, owner=cy, by=cy, now=timezone.now())
    others = signed_in(cy)
    posts = [("draft-save", ()), ("draft-drop", ()), ("draft-files", ()), ("story-here", ()), ("story-unschedule", ())]
    posts += [("draft-use", (draft.pk,)), ("macro-use", (macro.pk,)), ("draft-file-remove", (1,))]

    assert {post(others, route, journey.pk, *more).status_code for route, more in posts} == {404}
    reads = [
        others.get(reverse(name, args=[journey.pk])) for name in ("story-company", "story-macros", "story-colleagues")
    ]
    assert {answer.status_code for answer in reads} == {404}
    assert post(others, "touch-take-back", kettle.pk).status_code == 404


def test_a_question_about_what_is_known_is_warned_of_once_with_the_answer(desk, kettle):
    written = {"way": f"thread-{kettle.thread_id}", "text": "Could you tell us your order number?", "seen": kettle.pk}

    typing = said(post(desk, "draft-save", number(kettle), **written))
    first = post(desk, "story-reply", number(kettle), **written)
    meant = post(desk, "story-reply", number(kettle), **written, warned="asks-order")

    for shown in (typing, said(first)):
        assert "You ask for the order number. They told us already:" in shown
        assert 'data-insert="HP-4711"' in shown
    assert (first.status_code, meant.status_code) == (422, 200)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ("can", "and we can."),
        ("may", "but you may: £25."),
        ("wont", "but it is that we won’t. Say so, and why."),
    ],
)
def test_a_cant_shows_what_holds_what_may_be_offered_and_who_decides(desk, kettle, standing, words):
    offer = "We refund the postage."
    Policy.objects.create(
        name="A refund", standing=standing, phrases="refund", limit="£25", decides="a team lead", offer=offer
    )

    shown = said(post(desk, "draft-save", number(kettle), text="Sorry. We can't refund the kettle."))

    assert words in shown
    assert "a team lead" in shown
    assert f'data-insert="{offer}"' in shown
    assert "can’t" not in said(post(desk, "draft-save", number(kettle), text="We can't find it."))


def test_a_file_goes_along_is_shown_and_is_only_ever_saved(desk, kettle):
    journey = number(kettle)
    post(desk, "draft-files", journey, text="See the slip.", file=SimpleUploadedFile("slip.pdf", PDF))
    refused = post(desk, "draft-files", journey, text="See the slip.", file=SimpleUploadedFile("x.svg", b"<svg/>"))
    post(desk, "story-reply", journey, way=f"thread-{kettle.thread_id}", text="See the slip.", seen=kettle.pk)

    file = Attachment.objects.get()
    saved = desk.get(reverse("attachment", args=[file.pk]))
    assert (refused.status_code, "may carry programs" in said(refused)) == (422, True)
    assert (file.name, saved.content) == ("slip.pdf", PDF)
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["Content-Type"] == "application/octet-stream"
    assert "slip.pdf" in said(desk.get(reverse("story-touches", args=[journey])))


def test_a_file_is_removed_again_and_one_that_was_never_sent_is_forgotten(desk, kettle):
    post(desk, "draft-files", number(kettle), file=SimpleUploadedFile("slip.pdf", PDF))
    upload = Upload.objects.get()
    post(desk, "draft-file-remove", number(kettle), upload.pk)
    Upload.objects.update(at=timezone.now() - timedelta(days=31))

    forget_uploads(0)

    assert not Draft.objects.exists()
    assert not Upload.objects.exists()


def test_a_text_with_a_little_form_is_shown_as_they_will_read_it(desk, bo, kettle):
    actions.write_macro(
        name="Sorry", text="We are **sorry**, {first name}.", actions={}, owner=bo, by=bo, now=timezone.now()
    )

    page = said(desk.get(reverse("story-macros", args=[number(kettle)])))
    picked = said(desk.get(reverse("story-macros", args=[number(kettle)]), headers=FRAGMENT))

    assert "We are <strong>sorry</strong>, Ana." in page
    assert 'voice">We are sorry, Ana.</span>' in picked
    assert 'data-insert="We are **sorry**, Ana."' in picked


def test_a_text_kept_ready_is_filled_in_offered_and_put_into_the_draft(desk, bo, kettle):
    text = "Dear {first name}, your order {order number} and {parcel number}. {my first name}"
    macro = actions.write_macro(
        name="Hello", text=text, actions={"then": "done", "owner": 0}, owner=bo, by=bo, now=timezone.now()
    )
    filled = "Dear Ana, your order HP-4711 and [parcel number]. Bo"

    offered = desk.get(reverse("story-macros", args=[number(kettle)]), headers=FRAGMENT)
    post(desk, "macro-use", number(kettle), macro.pk, htmx=False)

    assert filled in said(offered)
    assert "yours, done" in said(offered)
    assert Draft.objects.get().text == filled
    page = said(desk.get(reverse("story", args=[number(kettle)])))
    assert f'name="macro" value="{macro.pk}"' in page
    assert "[parcel number] is still to be filled in." in said(post(desk, "draft-save", number(kettle), text=filled))


def test_an_answer_for_later_is_shown_as_planned_and_can_be_changed(desk, cy, kettle):
    journey = number(kettle)
    written = {"way": f"thread-{kettle.thread_id}", "text": "Good morning", "seen": kettle.pk, "later": "tomorrow"}

    planned = said(post(desk, "story-reply", journey, **written))
    for_cy = said(signed_in(cy).get(reverse("story-company", args=[journey])))
    changed = said(post(desk, "story-unschedule", journey))

    assert "This goes out by itself" in planned
    assert "An answer by Bo goes out by itself" in for_cy
    assert "Good morning</textarea>" in changed
    assert "planned an answer for tomorrow 09:00" in said(desk.get(reverse("story-touches", args=[journey])))


def test_send_and_wait_until_a_moment_of_ones_own(desk, kettle):
    until = timezone.localtime() + timedelta(days=3)
    written = {"way": f"thread-{kettle.thread_id}", "text": "We look into it.", "then": "pick"}

    without = post(desk, "story-reply", number(kettle), **written)
    post(desk, "story-reply", number(kettle), **written, until=until.strftime("%Y-%m-%dT%H:%M"))

    journey = make.journey_of(kettle)
    assert "Pick the day and the time" in said(without)
    assert (journey.status, journey.wake_at) == ("snoozed", until.replace(second=0, microsecond=0))


def test_without_a_time_to_take_it_back_what_came_after_sending_can_still_be_undone(desk, kettle, settings):
    settings.UNDO_SECONDS = 0

    answer = post(desk, "story-reply", number(kettle), way=f"thread-{kettle.thread_id}", text="Refunded.", then="done")

    assert reverse("event-undo", args=[Event.objects.get(verb="done").pk]) in said(answer)
    assert Delivery.objects.get().state == "queued"


def test_everything_works_without_javascript(desk, kettle):
    journey, way = number(kettle), f"thread-{kettle.thread_id}"

    chosen = post(desk, "story-reply", journey, htmx=False, text="See it", way=way, seen=kettle.pk, file="slip.pdf")
    kept = post(desk, "draft-save", journey, htmx=False, text="Dear Ana", way=way)
    sent = post(desk, "story-reply", journey, htmx=False, text="Dear Ana", way=way, seen=kettle.pk)
    page = said(desk.get(sent.url))
    back = post(desk, "touch-take-back", Interaction.objects.get(direction="out").pk, htmx=False)

    assert "“slip.pdf” is chosen and not attached yet" in said(chosen)
    assert (kept.status_code, sent.status_code, back.status_code) == (302, 302, 302)
    assert "Take it back" in page
    assert "Dear Ana</textarea>" in said(desk.get(back.url))


def test_what_a_channel_takes_is_said_before_anybody_types(desk, kettle):
    page = said(desk.get(reverse("story", args=[number(kettle)])))

    assert "Files up to 20 MB together." in page
    assert 'name="cc"' in page


def test_a_mention_stands_in_the_queue_until_it_was_seen(desk, cy, kettle):
    journey = number(kettle)
    post(desk, "story-reply", journey, way="note", text="@cy can you look at the handle?")
    others = signed_in(cy)

    before = said(others.get(f"{reverse('queue')}?view=mentions"))
    story = said(others.get(reverse("story", args=[journey])))
    post(others, "mentions-seen", journey)
    after = said(others.get(f"{reverse('queue')}?view=mentions"))

    assert f'id="row-{journey}"' in before
    assert "Seen" in story
    assert f'id="row-{journey}"' not in after
    assert Mention.objects.get().seen_at is not None


class TestSettings:
    def test_macros_are_written_put_away_and_put_back(self, desk, bo):
        form = {"name": "Hello", "text": "Dear {first name}", "whose": "own", "intent": "Refund", "then": "done"}

        wrong = desk.post(reverse("settings-macro-new"), {**form, "text": "{nothing}"})
        desk.post(reverse("settings-macro-new"), form)
        macro = Macro.objects.get()
        listed = said(desk.get(reverse("settings-macros")))
        desk.post(reverse("settings-macro-withdraw", args=[macro.pk]))
        put_away = Macro.objects.standing().exists()
        desk.post(reverse("settings-macro-withdraw", args=[macro.pk]), {"back": "1"})

        assert (wrong.status_code, "Nothing fills {nothing}" in said(wrong)) == (422, True)
        assert (macro.owner, macro.actions) == (bo, {"intent": "Refund", "then": "done"})
        assert "is about Refund, done" in listed
        assert (put_away, Macro.objects.standing().exists()) == (False, True)
        assert desk.get(reverse("settings-macro", args=[macro.pk])).status_code == 200

    def test_a_colleagues_macro_is_not_found(self, desk, cy):
        macro = actions.write_macro(name="Hi", text="Hi", actions={}, owner=cy, by=cy, now=timezone.now())

        assert desk.get(reverse("settings-macro", args=[macro.pk])).status_code == 404
        assert desk.post(reverse("settings-macro-withdraw", args=[macro.pk])).status_code == 404

    def test_policies_are_read_by_all_and_written_by_admins(self, desk):
        di = signed_in(make.agent("Di Admin", is_admin=True))
        form = {"name": "A refund", "standing": "may", "phrases": "refund", "limit": "£25", "decides": "a lead"}

        refused = [desk.get(reverse("settings-policy-new")), desk.post(reverse("settings-policy-new"), form)]
        half = di.post(reverse("settings-policy-new"), {**form, "limit": ""})
        di.post(reverse("settings-policy-new"), form)

        assert {answer.status_code for answer in refused} == {403}
        assert "write the limit" in said(half)
        assert "Beyond that, a lead decides." in said(desk.get(reverse("settings-policies")))
        assert di.get(reverse("settings-policy", args=[Policy.objects.get().pk])).status_code == 200
