"""What the story screen shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.core.fitness import Plan, Wording
from threadline.core.picture import Turn
from threadline.core.stitching.expecting import Expected
from threadline.customers.models import Identity
from threadline.desk.queries.fields import Fields
from threadline.desk.queries.fields import of_story as fields_of_story
from threadline.desk.queries.phone import Owed, of_story
from threadline.desk.queries.story import people
from threadline.desk.queries.story.brief import Brief, brief
from threadline.desk.queries.story.company import Company, company
from threadline.desk.queries.story.drawing import Picture, draw
from threadline.desk.queries.story.fitting import fit
from threadline.desk.queries.story.mine import Mine, mine
from threadline.desk.queries.story.promises import Promises, promises
from threadline.desk.queries.story.scroll import Scroll, scroll
from threadline.desk.queries.story.siding import Siding, siding
from threadline.desk.queries.story.stops import Stop, of_journey, standing, turns
from threadline.desk.queries.story.ways import Option, ways
from threadline.interactions.models import Upload
from threadline.journeys.models import SUPERVISOR, Draft, Journey, Macro
from threadline.journeys.notices.seeing import is_muted
from threadline.journeys.queries import OpenSuggestion, likely_next, open_suggestions
from threadline.journeys.reaching.handing import words_for
from threadline.journeys.reaching.plans import in_force
from threadline.lib.prepared import prepared
from threadline.portal.queries.films import Made, made_in

UNSURE = 3


@dataclass
class StoryPage:
    """One story at one moment. Each part is read when it is first shown, and once.

    `before` and `since` are touches that bound the scroll; `chosen` is the way of answering that was chosen before.
    """

    journey: Journey
    agent: Agent
    now: datetime
    before: int | None = None
    since: int | None = None
    chosen: str = ""
    fragment: bool = False

    @cached_property
    def stops(self) -> list[Stop]:
        return of_journey(self.journey)

    @cached_property
    def turns(self) -> list[Turn]:
        return turns(self.stops, journey=self.journey)

    @property
    def turn(self) -> Turn:
        return self.turns[-1] if self.turns else standing(self.journey)

    @property
    def first_told_at(self) -> datetime:
        return next((stop.at for stop in self.stops if stop.direction == "in"), self.journey.opened_at)

    @cached_property
    def handles(self) -> list[Identity]:
        return people.handles(self.journey.customer)

    @cached_property
    def name(self) -> str:
        return people.called(self.journey.customer, self.handles)

    @property
    def first(self) -> str:
        return people.first_name(self.journey.customer) or self.name

    @cached_property
    def promises(self) -> Promises:
        return promises(self.journey, now=self.now)

    @cached_property
    def callbacks(self) -> list[Owed]:
        """Calls that we promised in it."""
        return of_story(self.journey, self.agent, now=self.now)

    @cached_property
    def picture(self) -> Picture:
        promised = self.promises.drawn()
        return draw(self.stops, self.turns, person=self.first, now=self.now, coming=self.coming, promises=promised)

    @property
    def coming(self) -> Expected | None:
        """The touch that is likely to come next while the story is open."""
        if self.journey.status == Journey.Status.DONE:
            return None
        return likely_next([self.journey], now=self.now).get(self.journey.pk)

    @cached_property
    def scroll(self) -> Scroll:
        return scroll(
            self.journey,
            self.stops,
            self.turns,
            now=self.now,
            before=self.before,
            since=self.since,
            reader=self.agent,
            notes=self.agent.may(Right.NOTES),
        )

    @cached_property
    def brief(self) -> Brief:
        amounts = self.agent.may(Right.AMOUNTS)
        return brief(self.journey, self.stops, self.turns, person=self.first, amounts=amounts)

    @cached_property
    def fields(self) -> Fields:
        """What this house wants to know of every story and person."""
        return fields_of_story(self.journey, self.agent)

    @cached_property
    def options(self) -> list[Option]:
        """Ways to answer, what fits best first; the one chosen before stays chosen."""
        found = ways(self.journey, self.stops, self.handles, now=self.now)
        found = fit(found, self.journey, self.plan, self.others, now=self.now)
        if not self.agent.may(Right.ANSWER):
            found = [replace(option, way=None, reason=_("Your role does not answer customers.")) for option in found]
        chosen = self.chosen or (self.draft.way if self.draft else "")
        if any(chosen in option.keys for option in found):
            for option in found:
                option.chosen = chosen in option.keys
        return found

    @cached_property
    def plan(self) -> Plan:
        """Which channel is for what."""
        return in_force()

    @cached_property
    def siding(self) -> Siding:
        """Where the story stands between public and private."""
        return siding(self.journey, self.stops, self.options)

    @property
    def side_words(self) -> Wording | None:
        """The words for the next step there, ready to be changed."""
        way = self.siding.public.way if self.siding.public else None
        if way is None:
            return None
        first = people.first_name(self.journey.customer)
        return words_for(self.journey, way.channel, self.plan, by=self.agent, first_name=first)

    @cached_property
    def company(self) -> Company:
        return company(self.journey, self.agent, now=self.now)

    @property
    def draft(self) -> Draft | None:
        """What this agent has begun to write here."""
        return self.company.own

    @cached_property
    def files(self) -> list[Upload]:
        """What goes along with it. Asked only when there is something."""
        numbers = self.draft.files if self.draft else []
        found = Upload.objects.defer("data").in_bulk(numbers) if numbers else {}
        return [found[number] for number in numbers if number in found]

    @cached_property
    def films(self) -> list[Made]:
        """The short videos that were made for this story."""
        return made_in(self.journey, now=self.now)

    @cached_property
    def macros(self) -> list[Macro]:
        """Those whose actions will be carried out. Asked only when there are some."""
        numbers = self.draft.macros if self.draft else []
        return list(Macro.objects.visible_to(self.agent).filter(pk__in=numbers).order_by("pk")) if numbers else []

    @property
    def able(self) -> bool:
        return bool(self.sendable)

    @property
    def sendable(self) -> str:
        """The keys of the ways that work, for the parts of the composer that belong to them."""
        return " ".join(option.key for option in self.options if option.way)

    @property
    def copying(self) -> str:
        """As above, of those that send copies."""
        return " ".join(option.key for option in self.options if option.way and option.limits.copies)

    @property
    def rich(self) -> str:
        """As above, of those on which bold words and lists arrive."""
        return " ".join(option.key for option in self.options if option.way and option.limits.rich)

    @property
    def attaching(self) -> str:
        """As above, of those that take files."""
        return " ".join(option.key for option in self.options if option.way and option.limits.encloses)

    @property
    def instead(self) -> list[Option]:
        """Where an answer that did not arrive could go, the best first; what is ruled out or unsure is not offered."""
        return [option for option in self.options if option.way and not (option.against or option.caution)]

    @property
    def answering_by(self) -> str:
        return next((option.key for option in self.options if option.chosen), "")

    @property
    def noting(self) -> bool:
        begun = self.draft.way if self.draft else ""
        return (self.chosen or begun) == "note" or not self.able

    @property
    def barred(self) -> list[str]:
        """Addresses of theirs that send mail back, so that none goes there."""
        return list(dict.fromkeys(option.barred for option in self.options if option.barred))

    @property
    def unable_last(self) -> str:
        """Why we can not answer where the customer spoke last."""
        return next((option.reason for option in self.options if option.last and not option.way), "")

    @cached_property
    def others(self) -> list[Journey]:
        return people.others(self.journey, self.agent)

    @cached_property
    def hidden(self) -> int:
        """Other stories of this person that belong to teams whose work the agent does not see."""
        return people.hidden(self.journey, self.agent)

    @cached_property
    def suggestions(self) -> list[people.Suggestion]:
        return [] if self.agent.is_partner else people.suggestions(self.journey.customer, self.handles)

    @cached_property
    def unsure(self) -> list[OpenSuggestion]:
        """What somebody said that may belong elsewhere: the oldest few, since one answer often settles the rest."""
        asked = open_suggestions(self.journey, agent=self.agent)
        return [each for each in asked if each.interaction.direction != "event"][:UNSURE]

    @cached_property
    def mine(self) -> Mine | None:
        """Why somebody has it, and the brief that came with it."""
        return mine(self.journey, self.agent)

    @cached_property
    def muted(self) -> bool:
        """The agent wants to hear nothing more of it."""
        return is_muted(self.journey, self.agent)

    @property
    def supervised(self) -> bool:
        """They asked for a supervisor."""
        return self.journey.outcome == SUPERVISOR

    @cached_property
    def colleagues(self) -> Sequence[Mapping[str, object]]:
        """Number and name of each."""
        return _colleagues(self.agent.pk)

    @cached_property
    def teams(self) -> list[Team]:
        return _teams()

    @property
    def seen(self) -> int:
        """The newest touch on this page: an answer is refused when the customer said more since."""
        return max((stop.id for stop in self.stops), default=0)

    @property
    def since_begun(self) -> Stop | None:
        """What somebody else said after the draft was begun: whoever goes on with it shall read that first."""
        if self.draft is None or not self.draft.seen or not self.draft.text:
            return None
        newer = (stop for stop in self.stops if stop.id > self.draft.seen and stop.direction != "event")
        return next((stop for stop in newer if stop.author != self.agent.name), None)

    @property
    def refused(self) -> list[Stop]:
        """Mails that claimed to answer a thread in which their sender never was."""
        return [stop for stop in self.stops if stop.attributes.get("thread_refused")]


@prepared
def _colleagues(reader: int) -> QuerySet[Agent, Any]:
    others = Agent.objects.filter(is_active=True).exclude(pk=reader)
    return others.order_by("name").values("pk", "name")[:60]


@prepared
def _teams() -> QuerySet[Team]:
    return Team.objects.order_by("name")[:60]
