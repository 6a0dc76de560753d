"""Who works on a story, what it is about, what is noted on it, and which answer was taken back."""

from threadline.accounts.models import Event
from threadline.journeys.changes.registry import changes, concerned, undoes
from threadline.journeys.models import Membership, Mention, Note
from threadline.journeys.naming import RENAMED, Renames, rename_in_stories
from threadline.journeys.placing import refresh


@changes("assigned")
def assign(event: Event) -> None:
    owner, team = event.facts["owner"], event.facts["team"]
    concerned(event).update(owner=owner, team=team)


@undoes("assigned")
def unassign(event: Event) -> None:
    before = event.facts["before"]
    concerned(event).update(owner=before["owner"], team=before["team"])


@changes("intent_set")
def set_intent(event: Event) -> None:
    concerned(event).update(intent=event.facts["intent"][:120])


@undoes("intent_set")
def restore_intent(event: Event) -> None:
    concerned(event).update(intent=Renames().today(event.facts["before"], since=event.pk))


@changes(RENAMED)
def rename_intents(event: Event) -> None:
    rename_in_stories(event.facts["became"])


@changes("noted")
def note(event: Event) -> None:
    assert event.journey_id is not None, "notes are written on a journey"
    rule = "" if event.agent_id else event.facts["by_rule"]["name"]
    text = event.facts["text"]
    Note.objects.create(
        pk=event.pk, journey_id=event.journey_id, agent_id=event.agent_id, rule=rule, text=text, at=event.at
    )
    Mention.objects.bulk_create(
        Mention(note_id=event.pk, journey_id=event.journey_id, agent_id=agent)
        for agent in event.facts.get("mentions", [])
    )


@changes("mentions_seen")
def see_mentions(event: Event) -> None:
    assert event.agent_id is not None, "somebody has seen them"
    Mention.objects.filter(journey__in=concerned(event), agent=event.agent_id, seen_at=None).update(seen_at=event.at)


@changes("taken_back")
def take_back(event: Event) -> None:
    """An answer that had not gone out yet leaves the story as if it had not been written."""
    assert event.journey_id is not None, "an answer is taken out of a journey"
    member = Membership.objects.filter(interaction=event.facts["interaction"], superseded_at=None)
    member.update(superseded_at=event.at)
    refresh([event.journey_id])
