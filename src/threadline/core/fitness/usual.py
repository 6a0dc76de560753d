"""What holds where nobody has said otherwise: how private and how hard each intent is, what each channel may carry.

People choose written ways for simple things and a voice or a counter for hard ones; social networks come last, and the
more private the data, the more of them want to speak. `NAMED` is the share who name a way when they are asked.
"""

from threadline.core.fitness.levels import Complexity, Need, Privacy, Standing, is_public, kind_of

SIMPLE, MORE, DIFFICULT = Complexity
PUBLIC, ORDINARY, PERSONAL, VERY_PRIVATE = Privacy

NEEDS: dict[str, Need] = {
    "Cannot sign in": Need(MORE, PERSONAL),
    "Change my details": Need(SIMPLE, PERSONAL),
    "Close my account, delete my data": Need(MORE, PERSONAL),
    "Newsletters and messages": Need(SIMPLE, ORDINARY),
    "Somebody misuses my account": Need(DIFFICULT, VERY_PRIVATE),
    "Loyalty points": Need(SIMPLE, ORDINARY),
    "Charged wrongly": Need(MORE, PERSONAL),
    "Payment does not go through": Need(MORE, PERSONAL),
    "Invoice or receipt": Need(SIMPLE, PERSONAL),
    "Vouchers and gift cards": Need(SIMPLE, ORDINARY),
    "Prices and offers": Need(SIMPLE, PUBLIC),
    "Ways and dates of payment": Need(SIMPLE, PUBLIC),
    "Said to be delivered, but not here": Need(MORE, ORDINARY),
    "Change address or day of delivery": Need(SIMPLE, PERSONAL),
    "What delivery costs and where to": Need(SIMPLE, PUBLIC),
    "It arrived damaged": Need(MORE, ORDINARY),
    "Is it in stock": Need(SIMPLE, PUBLIC),
    "Help with ordering": Need(MORE, ORDINARY),
    "Where is my refund": Need(SIMPLE, PERSONAL),
    "It does not work": Need(MORE, ORDINARY),
    "Warranty": Need(MORE, ORDINARY),
    "Repair": Need(MORE, ORDINARY),
    "How to use it": Need(SIMPLE, PUBLIC),
    "Spare parts and accessories": Need(SIMPLE, PUBLIC),
    "Advice before buying": Need(MORE, PUBLIC),
    "It is not safe": Need(DIFFICULT, PERSONAL),
    "Opening hours and stores": Need(SIMPLE, PUBLIC),
    "Wants a person, or a call back": Need(MORE, ORDINARY),
    "Still no answer": Need(MORE, ORDINARY),
    "Complaint about service": Need(DIFFICULT, ORDINARY),
    "Website or app does not work": Need(SIMPLE, PUBLIC),
    "Praise": Need(SIMPLE, PUBLIC),
    "Solved, thank you": Need(SIMPLE, PUBLIC),
    "Jobs and training": Need(SIMPLE, PERSONAL),
    "Business and press": Need(MORE, ORDINARY),
}
CARRIES: dict[str, Privacy] = {
    "email": PERSONAL,
    "chat": PERSONAL,
    "whatsapp": PERSONAL,
    "matrix": PERSONAL,
    "phone": VERY_PRIVATE,
    "store": VERY_PRIVATE,
    "review": PUBLIC,
    "community": PUBLIC,
}
TOLD: dict[str, Privacy] = {"public": PUBLIC, "open": ORDINARY, "private": PERSONAL}  # as adapters say it

WRITTEN, SHORT, SPOKEN, PLACE, SOCIAL = "written", "short", "spoken", "place", "social"
FAMILIES: dict[str, str] = {
    "email": WRITTEN,
    "chat": WRITTEN,
    "webhook": WRITTEN,
    "app": WRITTEN,
    "sms": SHORT,
    "whatsapp": SHORT,
    "telegram": SHORT,
    "line": SHORT,
    "matrix": SHORT,
    "phone": SPOKEN,
    "voice": SPOKEN,
    "store": PLACE,
}
NAMED: dict[Complexity, dict[str, float]] = {
    SIMPLE: {WRITTEN: 0.38, SHORT: 0.30, SPOKEN: 0.16, PLACE: 0.11, SOCIAL: 0.07},
    MORE: {SPOKEN: 0.38, PLACE: 0.24, WRITTEN: 0.15, SHORT: 0.10, SOCIAL: 0.03},
    DIFFICULT: {SPOKEN: 0.46, PLACE: 0.30, WRITTEN: 0.12, SHORT: 0.07, SOCIAL: 0.03},
}
LIVE = frozenset({SPOKEN, PLACE})  # somebody answers at once, while we are there
COST: dict[str, int] = {PLACE: 3, SPOKEN: 3, SHORT: 1, WRITTEN: 1, SOCIAL: 0}


def usual_need(intent: str) -> Need:
    return NEEDS.get(intent, Need())


def usual_level(side: str, told: str = "open") -> Privacy:
    """`told` is what the connector of that kind says of itself."""
    return PUBLIC if is_public(side) else CARRIES.get(side, TOLD.get(told, ORDINARY))


def family_of(side: str) -> str:
    return SOCIAL if is_public(side) else FAMILIES.get(kind_of(side), SOCIAL)


def usual_standing(side: str, need: Need, level: Privacy) -> Standing:
    """Not where anything would be read by the wrong people; best where most want to be with such a matter."""
    if level < need.privacy:
        return Standing.NO
    first = max(NAMED[need.complexity], key=NAMED[need.complexity].__getitem__)
    wanted = {SPOKEN, PLACE} if need.privacy is VERY_PRIVATE else {first}
    return Standing.BEST if family_of(side) in wanted else Standing.YES
