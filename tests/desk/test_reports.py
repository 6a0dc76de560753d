"""Reports: filters in the address, every number with its meaning, and tables as files that do no harm."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.journeys import actions
from threadline.journeys.actions.reply import Way
from threadline.lib import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def di(client: Client) -> Agent:
    agent = make.agent("Di Moreau", is_admin=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def answered(di: Agent) -> Agent:
    """Ana, whose name is a formula, asked twice and had an answer after two hours."""
    began = timezone.now() - timedelta(days=2)
    first = make.received("ana@example.com", at=began, name="=1+1 Ana")
    make.received("ana@example.com", "Any news about order HP-4711?", at=began + timedelta(minutes=90), name="=1+1 Ana")
    make.received("ben@example.com", "Where is my lamp?", at=began - timedelta(days=40))
    actions.reply(
        journey=make.journey_of(first),
        text="On its way.",
        way=Way(make.channel("email"), "ana@example.com", first.thread),
        by=di,
        now=began + timedelta(hours=2),
    )
    return di


def rows(client: Client, what: str, **more: str) -> list[list[str]]:
    answer = client.post(reverse("reports-export"), {"what": what, **more})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="threadline-' in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text.removeprefix(sheets.MARK))))


def test_the_page_tells_the_numbers_their_meaning_and_what_they_were_before(
    client: Client, answered: Agent, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        html = client.get(reverse("reports")).content.decode()

    assert "Half of the people had a first answer within 2 h" in html
    assert "nine of ten within 2 h; 1 counted" in html
    assert "From the first thing a person said in a story until the first thing one of us said to it" in html
    assert 'data-value="7200.0">2 h</td>' in html
    assert "1 before" in html
    assert "desk/built/charts.js" in html
    with django_assert_max_num_queries(14):
        assert "=1+1 Ana" not in client.get(reverse("reports-people"), {"channel": "phone"}).content.decode()


def test_filters_stand_in_the_address_and_stay_when_one_looks_at_it_differently(client: Client, answered: Agent):
    html = client.get(reverse("reports"), {"channel": "phone", "by": "agent"}).content.decode()
    colleagues = client.get(reverse("reports"), {"by": "agent"}).content.decode()

    assert "Nothing was said in these days" in html
    assert '<option value="email">Email</option>' in html
    assert f"{reverse('reports-people')}?channel=phone&amp;by=agent" in html
    assert "on purpose not from best to worst" in colleagues
    assert "Di Moreau" in colleagues


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "2026-03-10", "to": "2026-03-01"}, "The first day lies after the last one."),
        ({"from": "2020-03-10"}, "366 days are the most."),
        ({"from": "yesterday"}, "Enter a valid date."),
        ({"channel": "telegraph"}, "There is no channel “telegraph”."),
    ],
    ids=["backwards", "too long", "no date", "no channel"],
)
def test_what_makes_no_sense_is_said_and_the_last_days_are_shown(client: Client, di: Agent, asked, said):
    assert said in client.get(reverse("reports"), asked).content.decode()


def test_every_table_can_be_taken_along_and_it_is_remembered_who_did(client: Client, answered: Agent):
    days, lines, people, answers = (rows(client, what) for what in ("days", "lines", "people", "answers"))

    assert len(days) == 31
    assert [line[0] for line in lines] == ["channel", "Email"]
    assert lines[1][6] == "7200"
    assert people[1][1:] == ["'=1+1 Ana", "2", "1", "1", "0", "0", "0"]
    assert (answers[1][1], answers[1][5], answers[1][7]) == ("first response", "Di Moreau", "7200")
    taken = Event.objects.filter(verb="exported")
    assert [event.facts["what"] for event in taken.order_by("pk")] == ["days", "lines", "people", "answers"]
    assert taken[0].agent == answered
    rows(client, "days", channel="email")
    assert Event.objects.latest("pk").facts["filters"] == {"channel": "email"}
    assert client.post(reverse("reports-export"), {"what": "passwords"}).status_code == 404


def test_no_cell_is_carried_out_as_a_formula():
    harmful = ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"]

    assert [str(sheets.cell(value))[0] for value in harmful] == ["'"] * len(harmful)
    assert [sheets.cell(value) for value in ("1-2", -3, None, 1.5)] == ["1-2", -3, "", 1.5]


def test_time_in_calls_stands_alone_with_the_reason_and_in_no_table(client: Client, di: Agent):
    actions.log_call(
        channel=make.channel("phone"),
        number="+447700900123",
        name="Tom",
        text="Wants pans.",
        by=di,
        now=timezone.now() - timedelta(hours=1),
        seconds=240,
    )

    nobody = client.get(reverse("reports-coaching")).content.decode()
    html = client.get(reverse("reports-coaching"), {"agent": di.pk}).content.decode()

    assert "Choose a colleague above." in nobody
    assert "An aid for coaching, not a target." in html
    assert '<dd class="value">4 m</dd>' in html
    assert "240" not in str(rows(client, "lines", by="agent"))
