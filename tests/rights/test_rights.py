"""Roles, teams and partners: what somebody may do, and with which stories."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts import actions
from threadline.accounts.actions.people import Who, who_is
from threadline.accounts.actions.teams import Shape
from threadline.accounts.models import Agent, Event, Role, Team
from threadline.accounts.rights import AGENT, EVERYTHING, SUPERVISOR, Right
from threadline.customers.models import Customer
from threadline.journeys.actions import assign, note
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


def person(name: str, *teams: Team, role: Role | None = None) -> Agent:
    """Without a password; read anew, as a request does."""
    made = Agent.objects.create(email=f"{name.split()[0].lower()}@harbourpine.example", name=name, role=role)
    made.teams.set(teams)
    return Agent.objects.get(pk=made.pk)


def role(*rights: Right) -> Role:
    return Role.objects.create(name=" ".join(rights) or "Reader", rights=sorted(rights))


def partner(name: str = "Hobb", *, days: int | None = None) -> Team:
    ends = timezone.localdate() + timedelta(days=days) if days is not None else None
    return Team.objects.create(name=name, partner=True, ends_on=ends)


def given_to(team: Team | None, sender: str = "ana@example.com", *, owner: Agent | None = None) -> Journey:
    journey = make.journey_of(make.received(sender, f"Where does {sender} find the manual?"))
    Journey.objects.filter(pk=journey.pk).update(team=team, owner=owner)
    journey.refresh_from_db()
    return journey


# ---- roles -----------------------------------------------------------------------------------------------------------


def test_a_role_replaces_the_rights_of_an_agent_and_admins_have_all(di):
    assert person("Bo Lindqvist").rights == AGENT
    assert person("Sue Visor", role=role(*map(Right, SUPERVISOR))).rights == SUPERVISOR
    assert person("Rae Reader", role=role()).rights == frozenset()
    assert di.rights == EVERYTHING


def test_asking_for_a_right_costs_no_query_for_whoever_was_fetched(di, django_assert_num_queries):
    person("Bo Lindqvist", make.team("Kitchen"), role=role(Right.NOTES))

    with django_assert_num_queries(1):
        bo = Agent.objects.get(name="Bo Lindqvist")
        assert bo.may(Right.NOTES)
        assert not bo.is_partner


def test_supervisors_come_along_and_see_every_team():
    assert frozenset(actions.first_roles().rights) == SUPERVISOR
    journey = given_to(make.team("Trust", restricted=True))

    assert not Journey.objects.visible_to(person("Bo Lindqvist")).filter(pk=journey.pk).exists()
    assert Journey.objects.visible_to(person("Sue Visor", role=actions.first_roles())).filter(pk=journey.pk).exists()


def test_nobody_gives_or_takes_a_right_that_he_does_not_have(di):
    head = person("Hal Head", role=role(Right.PEOPLE, Right.ANSWER))
    bo = person("Bo Lindqvist", role=role(Right.ANSWER))
    admin = Who(bo.name, bo.email, is_admin=True)

    for attempt in (
        lambda: actions.change_agent(agent=bo, who=admin, by=head, now=make.NOW),
        lambda: actions.create_role(name="More", rights=[Right.AUDIT], by=head, now=make.NOW),
        lambda: actions.set_password(agent=di, password="a-long-new-password", by=head, now=make.NOW),
        lambda: actions.deactivate(agent=di, by=head, now=make.NOW),
        lambda: actions.change_agent(agent=di, who=Who(di.name, "hal@evil.example", True), by=head, now=make.NOW),
    ):
        with pytest.raises(ThreadlineError, match="beyond your own rights"):
            attempt()

    assert not Event.objects.filter(agent=head).exists()


def test_one_admin_always_stays(di):
    eve = Agent.objects.create(email="eve@harbourpine.example", name="Eve Admin", is_admin=True)
    actions.deactivate(agent=eve, by=di, now=make.NOW)

    with pytest.raises(ThreadlineError, match="only admin"):
        actions.change_agent(agent=di, who=Who(di.name, di.email), by=di, now=make.NOW)
    with pytest.raises(ThreadlineError, match="shut yourself out"):
        actions.deactivate(agent=di, by=di, now=make.NOW)


def test_the_database_refuses_an_admin_with_a_lesser_role_and_an_end_of_a_team_of_ours(di):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.filter(pk=di.pk).update(role=role())
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(name="Kitchen", ends_on=timezone.localdate())


def test_who_left_is_signed_out_with_the_next_click(di, client: Client):
    bo = person("Bo Lindqvist")
    client.force_login(bo)

    actions.deactivate(agent=bo, by=di, now=make.NOW)

    assert client.get(reverse("queue")).status_code == 302


# ---- undo ------------------------------------------------------------------------------------------------------------


def test_every_change_of_people_teams_and_roles_can_be_taken_back_and_says_so(di):
    kitchen, bo = make.team("Kitchen"), person("Bo Lindqvist")
    spare = role(Right.NOTES)
    changes = [
        actions.change_agent(agent=bo, who=Who("Bo L.", "b@example.org", True, None, (kitchen,)), by=di, now=make.NOW),
        actions.deactivate(agent=bo, by=di, now=make.NOW),
        actions.change_team(team=kitchen, shape=Shape("Oven", True), members=[di], by=di, now=make.NOW),
        actions.change_role(role=spare, name="Other", rights=[Right.ANSWER], by=di, now=make.NOW),
    ]

    for change in reversed(changes):
        assert change is not None
        actions.undo(event=change, by=di, now=make.NOW)

    assert who_is(bo) == Who("Bo Lindqvist", "bo@harbourpine.example")
    kitchen.refresh_from_db()
    spare.refresh_from_db()
    assert (kitchen.name, kitchen.restricted, set(kitchen.agents.all())) == ("Kitchen", False, set())
    assert (spare.name, spare.rights) == (str(Right.NOTES), [Right.NOTES])
    assert Event.objects.get(verb="agent_returned").facts["who"] == bo.pk


def test_what_somebody_changed_again_is_not_taken_back_blindly(di):
    kitchen = make.team("Kitchen")
    first = actions.change_team(team=kitchen, shape=Shape("Oven"), members=[], by=di, now=make.NOW)
    actions.change_team(team=kitchen, shape=Shape("Hob"), members=[], by=di, now=make.NOW)

    with pytest.raises(ThreadlineError, match="changed again since then"):
        actions.undo(event=first, by=di, now=make.NOW)


# ---- partners --------------------------------------------------------------------------------------------------------


def test_a_partner_sees_the_stories_of_their_team_and_those_handed_over_and_their_people_only():
    hobb = partner()
    pat = person("Pat Partner", hobb)
    theirs, handed = given_to(hobb), given_to(None, "nils@example.org", owner=pat)
    given_to(None, "eve@example.net")

    assert set(Journey.objects.visible_to(pat)) == {theirs, handed}
    assert set(Customer.objects.visible_to(pat)) == {theirs.customer, handed.customer}


def test_the_day_after_the_last_day_a_partner_sees_nothing_and_is_told_why(client: Client):
    last_day, day_after = partner("Today", days=0), partner("Yesterday", days=-1)
    pat, gus = person("Pat Partner", last_day), person("Gus Gone", day_after)
    given_to(day_after, owner=gus)

    assert pat.has_access
    assert not Journey.objects.visible_to(gus).exists()
    assert not Customer.objects.visible_to(gus).exists()
    client.force_login(gus)
    answer = client.get(reverse("queue"))
    assert answer.status_code == 403
    assert "The last day of Yesterday was" in answer.content.decode()
    assert client.post(reverse("sign-out")).status_code == 302


def test_who_is_in_a_team_of_ours_too_is_no_partner_but_loses_the_partners_restricted_stories():
    ended = partner("Ended", days=-1)
    Team.objects.filter(pk=ended.pk).update(restricted=True)
    bo = person("Bo Lindqvist", make.team("Kitchen"), ended)
    theirs, common = given_to(ended), given_to(None, "nils@example.org")

    assert set(Journey.objects.visible_to(bo)) == {common}
    assert theirs.pk


# ---- fields ----------------------------------------------------------------------------------------------------------


def test_the_story_says_where_something_is_hidden(client: Client):
    touch = make.received("ana@example.com", "You charged £79 twice. Order HP-4711.", name="Ana Karlsson")
    journey, author = make.journey_of(touch), person("Bo Lindqvist")
    note(journey=journey, text="She sounds upset.", by=author, now=timezone.now())
    other = make.journey_of(make.received("ana@example.com", "Something else: the lamp HP-9000 flickers."))
    assign(journey=other, owner=None, team=make.team("Trust", restricted=True), by=author, now=timezone.now())

    def shown(agent: Agent) -> str:
        client.force_login(agent)
        return client.get(reverse("story", args=[journey.pk])).content.decode()

    reader, all_of_it = shown(person("Rae Reader", role=role())), shown(author)

    assert "She sounds upset." not in reader
    assert "A note of colleagues is hidden here" in reader
    assert "Amounts are hidden here" in reader
    assert "Your role reads stories and does not answer customers." in reader
    assert "Something is hidden here." in reader
    assert "She sounds upset." in all_of_it
    assert "Amounts are hidden here" not in all_of_it
    assert "Something is hidden here." in all_of_it


def test_who_may_only_write_notes_can_not_answer_by_writing_to_the_same_address(client: Client):
    journey = given_to(None)
    client.force_login(person("Nan Notes", role=role(Right.NOTES)))

    kept = client.post(reverse("story-reply", args=[journey.pk]), {"way": "note", "text": "Call her."})
    sent = client.post(reverse("story-reply", args=[journey.pk]), {"way": "email", "text": "Hello"})

    assert (kept.status_code, sent.status_code) == (302, 403)
    assert journey.notes.get().text == "Call her."
