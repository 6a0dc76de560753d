"""Two people again: each story follows whoever opened it, and what the other said in it is stitched anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from threadline.accounts.models import Decision
from threadline.core.decision import Decision as Conclusion
from threadline.core.identity import Recognition
from threadline.core.stitching import Journey as Remembered
from threadline.core.stitching import Stories, stitch
from threadline.customers.recognition import decision_row
from threadline.interactions.models import Interaction
from threadline.journeys.history import facts_of
from threadline.journeys.memory import brand_words, recall, touch_of, understanding_of
from threadline.journeys.models import Journey, Meaning, Membership
from threadline.journeys.placing import refresh
from threadline.journeys.weights import in_use

PARTED = Conclusion("recognise", "Taken apart again: they are two people.", 1.0, "desk")


def part_mixed(one: int, other: int, *, at: datetime) -> None:
    """Give every story of the two to the one who opened it; touches of the other go to stories of their own.

    What an agent put where it is stays there.
    """
    owners, strays = mixed(one, other)
    for owner in (one, other):
        theirs = [journey for journey, opener in owners.items() if opener == owner]
        Journey.objects.filter(pk__in=theirs).exclude(customer=owner).update(customer=owner)
    if not strays:
        return
    left = leave(strays, at)
    refresh(left)
    homes = stitched_anew(strays, at)
    refresh(sorted(set(homes)))


@dataclass(frozen=True, slots=True)
class Said:
    """A touch in a story of the two, by whom, and who put it there."""

    touch: Interaction
    journey: int
    customer: int
    placed_by: str


def mixed(one: int, other: int) -> tuple[dict[int, int], list[Said]]:
    """Whose each story of the two is, by its first touch, and the touches in it that are not by that person."""
    owners: dict[int, int] = {}
    strays = [
        said
        for said in spoken(one, other)
        if owners.setdefault(said.journey, said.customer) != said.customer and said.placed_by != Decision.By.AGENT
    ]
    return owners, sorted(strays, key=lambda said: said.touch.pk)


def spoken(one: int, other: int) -> list[Said]:
    """What both said in their standing stories, oldest first."""
    members = (
        Membership.objects.filter(superseded_at=None, journey__customer__in=(one, other), journey__joined_into=None)
        .filter(interaction__identity__customer__in=(one, other))
        .select_related("interaction")
        .order_by("interaction__at", "interaction")
    )
    found = members.values_list("pk", "journey", "interaction__identity__customer", "decision__by")
    places = {pk: (journey, customer, by) for pk, journey, customer, by in found}
    return [Said(member.interaction, *places[member.pk]) for member in members]


def leave(strays: Iterable[Said], at: datetime) -> list[int]:
    """Take them out of where they are. Returns the journeys they left."""
    standing = Membership.objects.filter(interaction__in=[said.touch.pk for said in strays], superseded_at=None)
    journeys = sorted(set(standing.values_list("journey", flat=True)))
    standing.update(superseded_at=at)
    return journeys


def stitched_anew(strays: list[Said], at: datetime) -> list[int]:
    """Stitch each among the stories of its own customer. Returns where they went."""
    people, touches = {said.customer for said in strays}, [said.touch for said in strays]
    rows = {row.pk: row for row in Journey.objects.standing().filter(customer__in=people).order_by("pk")}
    stories, common, model = Stories(map(recall, rows.values())), brand_words(), in_use()
    facts, meanings = facts_of(touches), Meaning.objects.in_bulk([touch.pk for touch in touches])
    brands = dict(Membership.objects.filter(interaction__in=touches).values_list("interaction", "journey__brand"))
    homes = []
    for said in strays:
        touch = said.touch
        understanding = understanding_of(touch, facts.get(touch.pk, []), meanings.get(touch.pk))
        found = stitch(
            touch_of(touch, brands.get(touch.pk)),
            understanding,
            Recognition(said.customer, PARTED, at=touch.at),
            stories,
            common=common,
            model=model,
        )
        stories.apply(found)
        if found.state is not None:
            begin_or_stand(found.state, touch, new=found.is_new)
            member(touch, found.state.id, found.decision, at)
            homes.append(found.state.id)
    return homes


def begin_or_stand(state: Remembered, touch: Interaction, *, new: bool) -> None:
    """A story of its own takes the touch's number; one that began with it before and was joined stands again."""
    if not new:
        return
    Journey.objects.update_or_create(
        pk=state.id,
        defaults={"customer_id": state.customer, "joined_into": None},
        create_defaults={
            "customer_id": state.customer,
            "brand_id": state.brand,
            "status": Journey.Status.WAITING,
            "opened_at": touch.at,
            "last_at": touch.at,
            "last_direction": touch.direction,
        },
    )


def member(touch: Interaction, journey: int, concluded: Conclusion, at: datetime) -> None:
    decision = decision_row(concluded, at)
    decision.save()
    Membership.objects.create(interaction=touch, journey_id=journey, decision=decision, at=at)
