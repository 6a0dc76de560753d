"""The audit log: who did and saw what, narrowed, paged, and taken along."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Sight
from threadline.accounts.sights import saw
from threadline.desk.queries.settings import audit
from threadline.journeys.actions import snooze
from threadline.journeys.replay import REBUILT

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(db: None) -> Agent:
    return Agent.objects.create(email="bo@harbourpine.example", name="Bo Lindqvist")


def page(desk: Client, **query: object) -> str:
    answer = desk.get(reverse("settings-audit"), query)
    assert answer.status_code == 200
    log = answer.content.decode().partition('class="log plain">')[2].partition("</ol>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", log).split())


def test_who_opened_a_story_or_a_person_is_written_down_once_within_minutes_and_tells_no_screen(client, bo):
    touch = make.received("ana@example.com")
    journey, events = make.journey_of(touch), Event.objects.count()
    client.force_login(bo)

    for _time in range(2):
        client.get(reverse("story", args=[journey.pk]))
        client.get(reverse("story-head", args=[journey.pk]))
        client.get(reverse("person", args=[journey.customer_id]))

    seen = [(sight.agent, sight.customer_id, sight.journey_id) for sight in Sight.objects.order_by("pk")]
    assert seen == [(bo, journey.customer_id, journey.pk), (bo, journey.customer_id, None)]
    assert Event.objects.count() == events


def test_looking_costs_one_statement(client, bo, django_assert_num_queries):
    with django_assert_num_queries(1):
        saw(bo, customer=1, journey=2)
    with django_assert_num_queries(0):
        saw(bo, customer=1, journey=2)


def test_what_was_seen_can_not_be_changed_or_removed_and_a_replay_leaves_it_alone(bo):
    touch = make.received("ana@example.com")
    Sight.objects.create(at=make.NOW, agent=bo, customer_id=make.customer_of(touch))

    for change in (lambda: Sight.objects.update(customer_id=9), lambda: Sight.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()

    assert Sight.objects.count() == 1
    assert Sight._meta.db_table not in REBUILT


def test_the_log_tells_who_did_and_saw_what_and_is_narrowed(desk, di, bo):
    journey = make.journey_of(make.received("ana@example.com", name="Ana Karlsson"))
    other = make.received("nils@example.org", "My lamp?", name="Nils Berg")
    now = timezone.now()
    snooze(journey=journey, until=now + timedelta(days=1), by=bo, now=now)
    desk.get(reverse("person", args=[make.customer_of(other)]))

    everything = page(desk)
    assert "Bo Lindqvist let it sleep Ana Karlsson" in everything
    assert "Di Moreau opened Nils Berg" in everything
    assert "Ana" not in page(desk, agent=di.pk)
    assert "Nils" not in page(desk, verb="snoozed")
    assert "opened" in page(desk, verb="saw")
    assert "Nils" not in page(desk, person=journey.customer_id)


def test_pages_follow_each_other_without_a_gap_or_a_repetition_through_both_tables(bo):
    for number in range(25):
        Sight.objects.create(at=make.NOW, agent=bo, customer_id=number)
        record("noted", at=make.NOW, by=bo, customer_id=number)
    found, after = [], ""
    while True:
        listed = audit.listed(audit.Asked(after=after), size=7)
        found += [(line.verb, line.person) for line in listed.lines]
        after = listed.after
        if not after:
            break

    assert len(found) == len(set(found)) == 50


@pytest.mark.parametrize("after", ["x", "2026-03-10T09:00:00~1~2", "2026-99-10T09:00:00+00:00~1~2", "~~", "a~1~b"])
def test_a_damaged_place_is_refused_in_words(desk, after):
    assert desk.get(reverse("settings-audit"), {"after": after}).status_code == 422


def test_the_export_is_whole_harmless_in_a_spreadsheet_and_itself_written_down(desk, di):
    eve = Agent.objects.create(email="eve@example.org", name="=HYPERLINK(1)")
    for number in range(audit.SIZE + 5):
        record("noted", at=make.NOW, by=eve, customer_id=number + 1)

    answer = desk.post(reverse("settings-audit-export"), {"verb": "noted"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert len(rows) == audit.SIZE + 5
    assert {row["agent"] for row in rows} == {"'=HYPERLINK(1)"}
    told = Event.objects.get(verb="exported")
    assert (told.agent, told.facts) == (di, {"what": "audit", "filter": {"verb": "noted"}})
    assert "exported the audit log" in page(desk)


def test_a_page_of_the_log_is_read_along_an_index(bo):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")  # of so few rows any plan is good
        for table in ("accounts_event where agent_id is not null", "accounts_sight where true"):
            cursor.execute(f"explain select * from {table} and at <= now() order by at desc, id desc limit 61")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index Scan Backward" in plan, plan
            assert "Sort" not in plan
