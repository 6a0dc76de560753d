"""Which touch belongs to which story: moved, split off, kept, joined."""

from threadline.accounts.models import Event
from threadline.journeys.changes.registry import changes, concerned, undoes
from threadline.journeys.clocks import tell_clocks
from threadline.journeys.models import Journey, Membership
from threadline.journeys.placing import new_journey, place, refresh


@changes("moved")
@changes("split")
def move(event: Event) -> None:
    facts = event.facts
    if facts["to_is_new"]:
        new_journey(facts["to"], facts["from"], facts["interactions"])
    place(facts["interactions"], facts["to"], event, facts["reason"])
    refresh([facts["from"], facts["to"]])


@undoes("moved")
@undoes("split")
def move_back(event: Event) -> None:
    facts = event.facts
    place(facts["interactions"], facts["from"], event, "Put back where it was.")
    Journey.objects.filter(pk=facts["from"]).update(joined_into=None)
    if facts["to_is_new"] and not Membership.objects.filter(journey=facts["to"], superseded_at=None).exists():
        Journey.objects.filter(pk=facts["to"]).update(joined_into=facts["from"])
    refresh([facts["from"], facts["to"]])


@changes("kept_here")
def keep_here(event: Event) -> None:
    assert event.journey_id is not None, "a touch is kept in a journey"
    place(event.facts["interactions"], event.journey_id, event, event.facts["reason"])


@undoes("kept_here")
def ask_again(event: Event) -> None:
    """As before: on the word of whatever had put it there."""
    said = Event.objects.get(pk=event.pk)
    before = Membership.objects.filter(interaction__in=event.facts["interactions"], superseded_at=said.at)
    kept = {member.interaction_id: member for member in before.order_by("pk")}
    Membership.objects.filter(interaction__in=kept, superseded_at=None).update(superseded_at=event.at)
    for touch, member in kept.items():
        Membership.objects.create(
            interaction_id=touch, journey_id=member.journey_id, decision_id=member.decision_id, at=event.at
        )


@changes("joined")
def join(event: Event) -> None:
    facts = event.facts
    place(facts["interactions"], facts["into"], event, facts["reason"])
    concerned(event).update(joined_into=facts["into"])
    tell_clocks([*concerned(event).values_list("pk", flat=True), facts["into"]])
    refresh([facts["into"]])


@undoes("joined")
def part(event: Event) -> None:
    facts = event.facts
    assert event.journey_id is not None, "a join names the journey that was joined"
    concerned(event).update(joined_into=None)
    place(facts["interactions"], event.journey_id, event, "Taken apart again.")
    refresh([facts["into"], event.journey_id])
