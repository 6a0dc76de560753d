"""The ways of a story in the order in which they fit it, each with its reasons, and those that do not with why."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.core.fitness import (
    Against,
    Complexity,
    Need,
    Plan,
    Privacy,
    Ranked,
    Reason,
    RuledOut,
    Standing,
    Way,
    rank,
)
from threadline.desk.queries.story.ways import Option
from threadline.journeys.models import Journey
from threadline.journeys.reaching.fitting import needed, told_of, urgent

PRIVACY: Mapping[Privacy, str | Promise] = {
    Privacy.PUBLIC: gettext_lazy("for everybody"),
    Privacy.ORDINARY: gettext_lazy("between them and us"),
    Privacy.PERSONAL: gettext_lazy("personal"),
    Privacy.VERY_PRIVATE: gettext_lazy("very private"),
}
REASONS: Mapping[Reason, str | Promise] = {
    Reason.LAST: gettext_lazy("they wrote here last"),
    Reason.HABIT: gettext_lazy("they usually write here"),
    Reason.QUICK: gettext_lazy("it is urgent, and soon seen here"),
    Reason.OPEN: gettext_lazy("they are there now"),
    Reason.PRIVATE: gettext_lazy("nobody else reads along"),
    Reason.CLOSED: gettext_lazy("nobody is there now"),
    Reason.UNCHECKED: gettext_lazy("nobody has checked that it is theirs alone"),
    Reason.BY_HAND: gettext_lazy("you call, and write the call down"),
}
HARD = frozenset({Complexity.MORE, Complexity.DIFFICULT})


def fit(
    options: Sequence[Option], journey: Journey, plan: Plan, others: Sequence[Journey], *, now: datetime
) -> list[Option]:
    """What fits best first, then what does not fit, then what can not be. The chosen way stays that of their last word,
    unless the plan says no to it or nothing can go out there. No query.
    """
    need = needed(journey, plan)
    ways = [_way(option, journey, plan, [journey, *others]) for option in options]
    choice = rank(ways, need, urgent=urgent(journey, now))
    for option in options:
        found = choice.of(option.key)
        if isinstance(found, Ranked):
            option.fits = [_reason(each, journey, need) for each in found.reasons]
        elif isinstance(found, RuledOut):
            option.against = option.reason or _against(found.why, option, journey, need)
    place = {each.way.key: number for number, each in enumerate(choice.ranked)}
    ordered = sorted(options, key=lambda one: (one.way is None, place.get(one.key, len(place))))
    _choose(ordered, journey, plan)
    return ordered


def _choose(options: Sequence[Option], journey: Journey, plan: Plan) -> None:
    chosen = next((option for option in options if option.chosen), None)
    if chosen is None or (chosen.last and plan.cells.get((journey.intent, chosen.side)) is not Standing.NO):
        return
    better = next((one for one in options if one.way and not one.against and not one.caution), None)
    if better is not None:
        chosen.chosen, better.chosen = False, True


def _way(option: Option, journey: Journey, plan: Plan, stories: Sequence[Journey]) -> Way:
    told = told_of(option.kind)
    used = sum(option.side in story.channels for story in stories)
    return Way(
        key=option.key,
        side=option.side,
        level=plan.level(option.side, told),
        standing=plan.standing(journey.intent, option.side, told),
        possible=option.way is not None,
        last=option.last,
        habit=used / len(stories),
        open=option.there,
        checked=not option.caution,
        by_hand=option.way is None and option.kind == "phone",
    )


def _reason(reason: Reason, journey: Journey, need: Need) -> str:
    if reason is Reason.BEST:
        return _("best for “%(intent)s”") % {"intent": journey.intent} if journey.intent else _("best for such things")
    if reason is Reason.LIKED:
        return _("people like to talk about hard things") if need.complexity in HARD else _("liked for simple things")
    return str(REASONS[reason])


def _against(why: Against, option: Option, journey: Journey, need: Need) -> str:
    if why is Against.NOT_FOR_THIS:
        return _("Not for “%(intent)s”, as your company says.") % {"intent": journey.intent}
    told = {"private": PRIVACY[need.privacy]}
    if option.public:
        return _("This is %(private)s, and anyone can read it there.") % told
    return _("This is %(private)s, and that may not be written there.") % told
