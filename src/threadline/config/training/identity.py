"""`threadline train identity`: how much names, addresses and numbers say, learned from the customers here."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from threadline.config.sample.crowd import crowd
from threadline.core.identity.model import Frequencies
from threadline.core.identity.training import Labels, Record, TooLittle, Trained, train
from threadline.core.identity.weights import SHIPPED, Weights
from threadline.customers.learned import in_use, keep
from threadline.customers.models import Customer, Identity, IdentityLink, IdentityModel
from threadline.interactions.models import Interaction
from threadline.lib.errors import ThreadlineError

Progress = Callable[[int, int], None]
SHIPPED_VERSION = "people-1"
OWN = {"email": ("email",), "phone": ("tel",), "sms": ("tel",), "whatsapp": ("tel",), "purchase": ("email", "tel")}


def learn(*, now: datetime, progress: Progress) -> IdentityModel:
    """From now on recognition uses weights learned here.

    Raises:
        ThreadlineError: there are too few customers to learn from, or nothing tells them apart. The old weights stay.
    """
    records = list(records_here())
    try:
        trained = train(records, labels=labels_here(records), progress=progress)
    except TooLittle as error:
        raise ThreadlineError(f"{error} {in_use().version} stays in use.") from error
    version = f"people-{now:%Y-%m-%d-%H%M%S}"
    return keep(weights_of(trained, version), now=now)


def weights_of(trained: Trained, version: str) -> Weights:
    return Weights(version, trained.model, trained.frequencies, trained.numbers)


def records_here() -> Iterator[Record]:
    """One for each kind of channel on which a customer gave a name, with the handles of that kind."""
    merged = dict(Customer.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    handles: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    proven = Identity.objects.filter(scheme__in=("email", "tel", "postcode"), shared=False).order_by("pk")
    for customer, scheme, value in proven.values_list("customer", "scheme", "value"):
        handles[customer, scheme].append(value)
    named = Interaction.objects.filter(identity__isnull=False).exclude(direction="out").exclude(name="")
    seen: set[tuple[int, str, str]] = set()
    for customer, kind, name in named.order_by("pk").values_list("identity__customer", "kind", "name").iterator():
        if (customer, kind, name) in seen:
            continue
        seen.add((customer, kind, name))
        yield record_of(customer, kind, name, handles, merged)


def record_of(
    customer: int, kind: str, name: str, handles: defaultdict[tuple[int, str], list[str]], merged: dict[int, int | None]
) -> Record:
    own = OWN.get(kind, ())
    first = {scheme: next(iter(handles.get((customer, scheme), ())), "") for scheme in (*own, "postcode")}
    person = customer
    while following := merged.get(person):
        person = following
    code = first["postcode"] if kind == "purchase" else ""
    return Record(str(person), name, email=first.get("email", ""), tel=first.get("tel", ""), postcode=code)


def labels_here(records: list[Record]) -> Labels:
    """What agents said: of two customers that they are one, or that they are two."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        places[record.person].append(place)
    told = IdentityLink.objects.filter(superseded_at=None, decision__by="agent").exclude(standing="suggested")
    same: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for left, right, standing in told.values_list("left__customer", "right__customer", "standing"):
        pairs = [(a, b) for a in places[str(left)][:5] for b in places[str(right)][:5] if a != b]
        (same if standing == "same" else apart).extend(pairs)
    return Labels(same, apart)


def told(row: IdentityModel) -> Iterator[str]:
    numbers = row.weights["numbers"]
    yield f"{row.version} is in use, learned from {numbers['records']:,.0f} introductions of customers."
    said = (f"{name.removeprefix('bits_')} {bits:g}" for name, bits in numbers.items() if name.startswith("bits_"))
    yield f"Bits that an equal value says for one person: {', '.join(said)}."
    yield "Going back: threadline train identity --back"


def ship(people: int, progress: Progress) -> Path:
    """Write the weights that come with Threadline anew, from invented people.

    How common their names are says nothing of anybody real, so that is left out.
    """
    trained = train(list(crowd(people)), progress=progress)
    weights = Weights(SHIPPED_VERSION, trained.model, Frequencies(), trained.numbers)
    SHIPPED.write_text(json.dumps(weights.written(), indent=1) + "\n", encoding="utf-8")
    return SHIPPED
