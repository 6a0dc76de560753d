"""Search: one box for people, handles, numbers, messages and files."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.accounts.models import Agent, Role
from threadline.customers.models import Customer
from threadline.desk.queries.search import hits
from threadline.desk.queries.search.asked import read
from threadline.desk.queries.search.snippets import Part, marked
from threadline.interactions.models import Attachment, Interaction
from threadline.journeys import actions
from threadline.journeys.models import Field, Journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist")
    client.force_login(agent)
    return agent


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana.karlsson@example.com", "The kettle I bought leaks. Order HP-4711.", name="Ana Karlsson")


@pytest.fixture
def chair() -> Interaction:
    return make.received("ruth@example.org", "Lovely chair for eleven weeks. Then a stool.", name="Ruth Adeyemi")


def page(client: Client, words: str, **more: object) -> str:
    response = client.get(reverse("search"), {"q": words, **more})
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, words: str, **more: object) -> list[int]:
    """The stories found, in order, each where it stands first."""
    numbers = re.findall(r'data-found-story="(\d+)"', page(client, words, **more))
    return list(dict.fromkeys(map(int, numbers)))


def of_kind(client: Client, which: str, words: str, **more: object) -> list[int]:
    """As above, in one part of the page."""
    html = page(client, words, **more)
    part = re.search(rf'<h2 id="found-{which}">.*?(?=<h2 id="found-|</main>)', html, re.DOTALL)
    return [int(number) for number in re.findall(r'data-found-story="(\d+)"', part[0])] if part else []


def attached(touch: Interaction, name: str) -> Attachment:
    return Attachment.objects.create(interaction=touch, name=name, content_type="text/plain", size=9, part=1)


def story(touch: Interaction) -> int:
    return make.journey_of(touch).pk


@pytest.mark.parametrize(
    "words",
    [
        "Ana Karlsson",
        "karlsson ana",
        "karls",
        "KARL",
        "ana.karlsson@example.com",
        "Ana.Karlsson@Example.com",
        "ana.karl",
    ],
)
def test_a_person_is_found_by_name_and_address_also_by_their_beginnings(client, bo, kettle, chair, words: str):
    assert found(client, words) == [story(kettle)]


@pytest.mark.parametrize(
    "words", ["+44 7700 900142", "07700 900142", "07700-900 142", "00447700900142", "+447700900142"]
)
def test_a_telephone_number_is_found_in_any_spelling(client, bo, chair, words: str):
    call = make.received("+447700900142", "She asks about the saucer.")

    assert found(client, words) == [story(call)]


@pytest.mark.parametrize("words", ["@ana_k", "ana_k", "ANA_K"])
def test_a_handle_is_found_with_and_without_its_at_sign(client, bo, chair, words: str):
    post = make.received("@ana_k", "Two days and no answer.", public=True)

    assert found(client, words) == [story(post)]


@pytest.mark.parametrize("words", ["HP-4711", "hp 4711", "4711", "HP4711", "#4711"])
def test_an_order_number_is_found_however_it_is_written(client, bo, kettle, chair, words: str):
    assert found(client, words) == [story(kettle)]


@pytest.mark.parametrize(
    "words",
    [
        "leaks",
        "leak",
        "HP-47",
        "order hp-471",
        "kettle leaks",
        '"kettle I bought"',
        "kettle -stool",
        "samovar or kettle",
        "KETTLE",
    ],
)
def test_words_of_a_message_are_found_also_the_beginning_of_the_last_one(client, bo, kettle, chair, words: str):
    assert found(client, words) == [story(kettle)]


def test_a_phrase_is_found_as_a_phrase_only(client, bo, kettle):
    assert found(client, '"bought kettle"') == []


def test_a_file_is_found_by_its_name(client, bo, kettle, chair):
    attached(kettle, "seal_cracked-photo.jpg")

    assert found(client, "cracked") == [story(kettle)]
    assert "seal_cracked-photo.jpg" in page(client, "cracked photo")


def test_what_stood_there_is_shown_with_the_words_marked(client, bo, kettle):
    html = page(client, "leak")

    assert "<mark>leaks</mark>" in html
    assert f'href="{reverse("story", args=[story(kettle)])}#touch-{kettle.pk}"' in html


def test_hostile_words_are_shown_and_never_run(client, bo):
    make.received("eve@example.com", "<script>alert(1)</script> kettle <b>bold</b> \x02oops\x03", name="<img src=x>")

    html = page(client, '<script>alert("kettle")</script> or kettle')

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "bold" in html


@pytest.mark.parametrize(
    "words", ["'", '"', "-", "& | !", "\\", "a:* & (", "or", "-kettle", "%", "_", "\x00", "is:", "😀", "x" * 5000]
)
def test_no_words_break_the_search(client, bo, kettle, words: str):
    assert "<h1>" in page(client, words)


def test_results_are_grouped_by_kind_each_with_its_count_and_in_its_own_order(client, bo, kettle):
    again = make.received(
        "ana.karlsson@example.com", "The kettle still leaks!", thread={"in_reply_to": kettle.external_id}
    )
    other = make.received("kettle.club@example.org", "My kettle sings.", name="Kettle Club")
    actions.note(journey=make.journey_of(other), text="Is it the whistling kettle?", by=bo, now=make.NOW)
    attached(kettle, "kettle.jpg")
    story_field(other, "Model", "Kettle 3000")

    html = page(client, "kettle")

    titles = re.findall(r'<h2 id="found-(\w+)">(\w+) <span class="count">(\d+\+?)', html)
    assert titles == [
        ("people", "People", "1"),
        ("stories", "Stories", "1"),
        ("touches", "Touches", "3"),
        ("notes", "Notes", "1"),
        ("files", "Files", "1"),
    ]
    assert of_kind(client, "touches", "kettle") == [story(other), story(again)]
    assert of_kind(client, "files", "kettle") == [story(kettle)]


def story_field(touch: Interaction, name: str, value: str, **more: object) -> Field:
    field = Field.objects.create(of="story", key=name.lower().replace(" ", "_"), name=name, kind="text", **more)
    actions.set_field(field=field, value=value, journey=make.journey_of(touch), by=make.agent(), now=make.NOW)
    return field


def test_what_stands_in_a_field_is_found_of_stories_and_of_people(client, bo, kettle, chair):
    story_field(kettle, "Shelf", "A7, left of the door")
    segment = Field.objects.create(of="person", key="crm", name="CRM", kind="link")
    ruth = Customer.objects.get(pk=make.customer_of(chair))
    actions.set_field(field=segment, value="https://crm.example.com/p/98123", customer=ruth, by=bo, now=make.NOW)

    assert of_kind(client, "stories", "left door") == [story(kettle)]
    assert "<mark>Shelf: A7, left of the door</mark>" in page(client, "left door")
    assert of_kind(client, "people", "98123") == [story(chair)]
    assert of_kind(client, "people", "98123", kind="people") == [story(chair)]


def test_a_note_is_found_by_who_may_read_notes_with_its_words_marked(client, bo, kettle):
    actions.note(journey=make.journey_of(kettle), text="He is a magician, take care.", by=bo, now=make.NOW)

    assert of_kind(client, "notes", "magic") == [story(kettle)]
    assert "<mark>magician</mark>" in page(client, "magic")
    bo.role = Role.objects.create(name="Reader", rights=["answer"])
    bo.save()
    assert "magician" not in page(client, "magic")


def test_a_note_of_a_story_that_joined_others_is_found_in_the_one_that_stands(client, bo, kettle):
    first = make.received("eve@example.com", text="The toaster burns everything it sees.")
    second = make.received("zoe@example.com", text="Where is my lamp? Order HP-9000.")
    actions.note(journey=make.journey_of(first), text="Eve has the saffron series.", by=bo, now=make.NOW)
    actions.join(journey=make.journey_of(first), into=make.journey_of(second), by=bo, now=make.NOW)
    actions.join(journey=make.journey_of(second), into=make.journey_of(kettle), by=bo, now=make.NOW)

    assert of_kind(client, "notes", "saffron") == [story(kettle)]
    assert "saffron" in client.get(reverse("story", args=[story(kettle)])).content.decode()


def test_a_story_is_found_by_its_number(client, bo, kettle):
    assert of_kind(client, "stories", f"#{story(kettle)}") == [story(kettle)]


def test_a_person_found_by_name_comes_with_their_newest_stories(client, bo, kettle):
    html = page(client, "karlsson")

    assert reverse("person", args=[make.customer_of(kettle)]) in html
    assert reverse("story", args=[story(kettle)]) in html


class TestFilters:
    def test_channel_keeps_one_kind(self, client, bo, kettle):
        post = make.received("@else", "A kettle that waters my worktop", public=True)

        assert found(client, "kettle channel:x") == [story(post)]
        assert found(client, "channel:email kettle") == [story(kettle)]

    def test_is_keeps_a_state(self, client, bo, kettle, chair):
        actions.finish(journey=make.journey_of(chair), by=bo, now=make.NOW)

        assert found(client, "is:done") == [story(chair)]
        assert found(client, "is:open") == [story(kettle)]
        assert found(client, "kettle is:done") == []

    def test_from_keeps_one_person(self, client, bo, kettle):
        make.received("ruth@example.org", "My kettle sings.")

        assert found(client, "kettle from:karlsson") == [story(kettle)]
        assert found(client, 'kettle from:"ana karlsson"') == [story(kettle)]

    def test_is_public_keeps_what_anybody_can_read(self, client, bo, kettle):
        post = make.received("@else", "A kettle that waters my worktop", public=True)

        assert found(client, "kettle is:public") == [story(post)]

    def test_a_filter_that_means_nothing_is_told(self, client, bo, kettle):
        html = page(client, "kettle channel:pigeon")

        assert "channel:pigeon" in html
        assert "no filter here" in html
        assert found(client, "kettle channel:pigeon") == [story(kettle)]

    def test_filters_are_read_from_anywhere_in_the_words(self):
        asked = read('leaks is:open  channel:twitter from:"Ana K" today')

        assert (asked.words, asked.states, asked.kinds, asked.sender) == ("leaks today", ["ours"], ["x"], "Ana K")


class TestRestricted:
    @pytest.fixture
    def secret(self) -> Interaction:
        touch = make.received("ruth@example.org", "A matter for lawyers. Order HP-7788.", name="Ruth Adeyemi")
        attached(touch, "summons.pdf")
        actions.note(journey=make.journey_of(touch), text="The verdict is near.", by=make.agent(), now=make.NOW)
        story_field(touch, "Court", "docket 12")
        Journey.objects.filter(pk=story(touch)).update(team=make.team("Legal", restricted=True))
        return touch

    @pytest.mark.parametrize(
        "words",
        ["lawyers", "HP-7788", "summons", "adeyemi", "is:open", "from:ruth", "ruth@example.org", "verdict", "docket"],
    )
    def test_cy_finds_nothing_of_a_restricted_teams_story(self, client, secret, words: str):
        client.force_login(make.agent("Cy Okafor"))

        html = page(client, words)

        assert f'data-found-story="{story(secret)}"' not in html
        assert "verdict is near" not in html
        assert "docket 12" not in html
        assert "A matter for" not in html

    @pytest.mark.parametrize("words", ["lawyers", "HP-7788", "summons", "adeyemi", "verdict", "docket"])
    def test_its_members_find_it(self, client, secret, words: str):
        client.force_login(make.agent("Bo Lindqvist", make.team("Legal")))

        assert found(client, words) == [story(secret)]


class TestPages:
    def test_older_messages_follow_and_none_is_shown_twice(self, client, bo, monkeypatch):
        monkeypatch.setattr(hits, "MESSAGES", 2)
        touches = [make.received(f"p{n}@example.com", "saffron teapot") for n in range(5)]

        first = page(client, "saffron")
        before = re.search(r"before=(\d+)", first)[1]
        make.received("late@example.com", "saffron again")
        second = found(client, "saffron", before=before)

        assert [int(n) for n in re.findall(r'id="row-(\d+)"', first)] == [story(t) for t in touches[:2:-1]]
        assert "More touches" in first
        assert second == [story(t) for t in touches[2:0:-1]]

    @pytest.mark.parametrize("kind", ["people", "stories", "notes", "files"])
    def test_more_of_one_kind_follows_until_all_were_shown_once(self, client, bo, monkeypatch, kind: str):
        monkeypatch.setattr(hits, "MESSAGES", 2)
        touches = [make.received(f"p{n}@example.com", f"Number {n}", name=f"Teapot {n}") for n in range(5)]
        model = Field.objects.create(of="story", key="model", name="Model", kind="text")
        for touch in touches:
            attached(touch, "teapot.txt")
            journey = make.journey_of(touch)
            actions.note(journey=journey, text="A teapot.", by=bo, now=make.NOW)
            actions.set_field(field=model, value="Teapot", journey=journey, by=bo, now=make.NOW)

        seen, before = [], ""
        while before is not None:
            html = page(client, "teapot", kind=kind, before=before)
            seen += [int(number) for number in re.findall(r'data-found-story="(\d+)"', html)]
            older = re.search(r"before=(\d+)", html)
            before = older[1] if older else None

        assert seen == [story(touch) for touch in reversed(touches)]

    def test_there_is_no_age_limit(self, client, bo):
        old = make.received("old@example.com", "The samovar of my grandmother", at=make.NOW - timedelta(days=4000))

        assert found(client, "samovar") == [story(old)]

    def test_the_number_of_queries_does_not_grow(self, client, bo, django_assert_max_num_queries):
        for number in range(12):
            text = f"saffron teapot, order HP-{5000 + number}"
            touch = make.received(f"p{number}@example.com", text, name="Saffron Lee")
            story_field(touch, f"Tea {number}", "saffron")
            actions.note(journey=make.journey_of(touch), text="Saffron is dear.", by=bo, now=make.NOW)

        with django_assert_max_num_queries(24):
            page(client, "saffron")


def test_nothing_typed_and_nothing_found_say_what_to_do(client, bo):
    assert "Look for anything" in page(client, "")
    assert "Nothing found" in page(client, "zeppelin")
    assert "Search without the filters" in page(client, "zeppelin is:open")


def test_nobody_unknown_may_search(client):
    assert client.get(reverse("search")).headers["Location"].startswith(reverse("sign-in"))


def test_marks_that_somebody_sent_are_no_marks():
    assert marked("a \x02b\x03 c") == [Part("a "), Part("b", hit=True), Part(" c")]
    assert marked("\x03\x02<b>\x02x\x03") == [Part(" <b>"), Part("x", hit=True)]
