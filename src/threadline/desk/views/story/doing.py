"""What agents do to a story: whose it is, whose turn it is, what belongs to it. Each is one action, with undo."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.models import Agent, Event
from threadline.accounts.rights import Right
from threadline.customers.models import Customer
from threadline.customers.queries import standing
from threadline.desk.forms import story as forms
from threadline.desk.moments import planned
from threadline.desk.queries.story.people import is_theirs
from threadline.desk.rights import needs, require
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import (
    done,
    is_fragment,
    journey_for,
    membership_for,
    refused,
)
from threadline.interactions.actions import addresses
from threadline.interactions.models import Delivery
from threadline.journeys import actions
from threadline.journeys.actions import delivery as deliveries
from threadline.journeys.actions import inviting
from threadline.journeys.fields.changes import VERB as FIELD_SET
from threadline.journeys.models import Field, Journey
from threadline.lib.errors import ThreadlineError

ABOUT_PEOPLE = frozenset({"customers_merged", "kept_apart"})
ORGANISING = frozenset({"moved", "split", "joined", "kept_here"}) | ABOUT_PEOPLE


@needs(Right.ANSWER)
@require_POST
def assign(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey, form = journey_for(request, journey_id), forms.Assign(request.POST)
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    owner = form.cleaned_data["owner"] if form.given("owner") else journey.owner
    team = form.cleaned_data["team"] if form.given("team") else journey.team
    event = actions.assign(journey=journey, owner=owner, team=team, by=agent_of(request), now=timezone.now())
    if not Journey.objects.visible_to(agent_of(request)).filter(pk=journey.pk).exists():
        return _gone(request)
    return done(request, journey.pk, _assigned(form, owner, agent_of(request)), event)


def _assigned(form: forms.Assign, owner: Agent | None, me: Agent) -> str:
    if not form.given("owner"):
        team = form.cleaned_data["team"]
        return _("Given to %(team)s.") % {"team": team} if team else _("Given to no team.")
    if owner is None:
        return _("Left to whoever is free.")
    return _("It is yours now.") if owner == me else _("Handed over to %(name)s.") % {"name": owner.name}


def _gone(request: HttpRequest) -> HttpResponse:
    """Handed to a team whose stories this agent may not read."""
    address = reverse("queue")
    return HttpResponse(
        status=200, headers={"HX-Redirect": address} if is_fragment(request) else {"Refresh": f"0; url={address}"}
    )


@needs(Right.ANSWER)
@require_POST
def snooze(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey, form, now = journey_for(request, journey_id), forms.Sleep(request.POST), timezone.now()
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    until = form.moment(now)
    event = actions.snooze(journey=journey, until=until, by=agent_of(request), now=now)
    text = _("Asleep until %(moment)s, or until they write.") % {"moment": planned(until, now=now)}
    return done(request, journey.pk, text, event)


@needs(Right.ANSWER)
@require_POST
def wait(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    event = actions.wait(journey=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("It is their turn."), event)


@needs(Right.ANSWER)
@require_POST
def finish(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    event = actions.finish(journey=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Done. If they write about it again, it opens."), event)


@needs(Right.ANSWER)
@require_POST
def reopen(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    event = actions.reopen(journey=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Open again. It is our turn."), event)


@needs(Right.ANSWER)
@require_POST
def set_intent(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey, form = journey_for(request, journey_id), forms.Intent(request.POST)
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    intent = form.cleaned_data["intent"]
    event = actions.set_intent(journey=journey, intent=intent, by=agent_of(request), now=timezone.now())
    text = _("It is about: %(intent)s.") % {"intent": intent} if intent else _("It says no longer what it is about.")
    return done(request, journey.pk, text, event)


@needs(Right.NOTES)
@require_POST
def see_mentions(request: HttpRequest, journey_id: int) -> HttpResponse:
    """The reader has seen where colleagues named them."""
    journey = journey_for(request, journey_id)
    actions.saw(journey=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Seen. It is no longer among your mentions."))


@needs(Right.ORGANISE)
@require_POST
def split(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey, form = journey_for(request, journey_id), forms.Split(request.POST)
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    touches = form.cleaned_data["touch"]
    event = actions.split(journey=journey, interactions=touches, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Split off as story %(number)s.") % {"number": event.facts["to"]}, event)


@needs(Right.ORGANISE)
@require_POST
def join(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Make the chosen story part of this one: the reader stays where he is."""
    journey = journey_for(request, journey_id)
    form = forms.OtherStory(request.POST, agent=agent_of(request))
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    other = form.cleaned_data["story"]
    event = actions.join(journey=other, into=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Story %(number)s is part of this one now.") % {"number": other.pk}, event)


@needs(Right.ORGANISE)
@require_POST
def move(request: HttpRequest, touch_id: int) -> HttpResponse:
    """Put one touch into another story, or begin a new one with it."""
    membership = membership_for(request, touch_id)
    form = forms.OtherStory(request.POST, agent=agent_of(request), new=True)
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    to = form.cleaned_data["story"]
    event = actions.move(interaction=membership.interaction, to=to, by=agent_of(request), now=timezone.now())
    text = _("Moved to story %(number)s.") if to else _("It begins story %(number)s now.")
    return done(request, membership.journey_id, text % {"number": event.facts["to"]}, event)


@needs(Right.ORGANISE)
@require_POST
def accept(request: HttpRequest, touch_id: int) -> HttpResponse:
    """The touch belongs to the story that was suggested; if it began its own, all of that does."""
    membership = membership_for(request, touch_id)
    form = forms.OtherStory(request.POST, agent=agent_of(request))
    if not form.is_valid():
        return refused(request, forms.first_error(form))
    to, by = form.cleaned_data["story"], agent_of(request)
    event = actions.accept_suggestion(interaction=membership.interaction, to=to, by=by, now=timezone.now())
    here = to.pk if event.verb == "joined" else membership.journey_id
    return done(request, here, _("It belongs to story %(number)s now.") % {"number": to.pk}, event)


@needs(Right.ORGANISE)
@require_POST
def keep_here(request: HttpRequest, touch_id: int) -> HttpResponse:
    """The touch is right where it stands; nobody is asked again."""
    membership = membership_for(request, touch_id)
    event = actions.keep_here(interaction=membership.interaction, by=agent_of(request), now=timezone.now())
    return done(request, membership.journey_id, _("It stays here. Nobody is asked again."), event)


@needs(Right.ANSWER, Right.ORGANISE)
@require_POST
def undo(request: HttpRequest, event_id: int) -> HttpResponse:
    """Reverse what a person did, or what rules merged, routed or did, or a program. Whoever may see the story may."""
    by_rules = Q(agent=None) & ~Q(verb__in=["customers_merged", "routed"])
    by_rules &= ~Q(facts__has_any_keys=["by_rule", "by_key"])
    event = get_object_or_404(Event.objects.visible_to(agent_of(request)).exclude(by_rules), pk=event_id)
    require_sight(request, event)
    require(request, Right.ORGANISE if event.verb in ORGANISING else Right.ANSWER)
    actions.undo(event=event, by=agent_of(request), now=timezone.now())
    return _undone(request, event)


def require_sight(request: HttpRequest, event: Event) -> None:
    """404 for who may not see each story and person that it concerned: undoing brings touches back from there."""
    agent, facts = agent_of(request), event.facts
    named = {int(facts[name]) for name in ("from", "to", "into") if name in facts and event.verb in ORGANISING}
    of_people = event.verb in ABOUT_PEOPLE
    if event.verb == FIELD_SET:
        get_object_or_404(Field.objects.visible_to(agent), pk=facts["field"])
    stories = set() if of_people else named
    stories |= {event.journey_id} if event.journey_id is not None else set()
    people = {standing(number).pk for number in named} if of_people else set()
    people |= {standing(event.customer_id).pk} if event.journey_id is None and event.customer_id else set()
    for wanted, seen in ((stories, Journey.objects.visible_to(agent)), (people, Customer.objects.visible_to(agent))):
        if wanted and seen.filter(pk__in=wanted).count() < len(wanted):
            raise Http404


def _undone(request: HttpRequest, event: Event) -> HttpResponse:
    """A person's page is told too; a story that was joined is shown where it stands again."""
    here = event.facts.get("into") if event.verb == "joined" else event.journey_id
    if here is not None and event.verb not in ABOUT_PEOPLE:
        return done(request, int(here), _("Undone."))
    if is_fragment(request):
        return told_person(done(request, 0, _("Undone.")), event.customer_id)
    return HttpResponse(status=302, headers={"Location": request.headers.get("Referer") or reverse("queue")})


def told_person(response: HttpResponse, customer_id: int | None) -> HttpResponse:
    response["HX-Trigger"] = f"threadline:customer-{customer_id}, threadline:fields-{customer_id}"
    return response


@needs(Right.ANSWER)
@require_POST
def answer_invitation(request: HttpRequest, touch_id: int) -> HttpResponse:
    membership, answer = membership_for(request, touch_id), request.POST.get("answer", "")
    touch = membership.interaction
    inviting.answer_invitation(interaction=touch, answer=answer, by=agent_of(request), now=timezone.now())
    return done(request, membership.journey_id, _("Answered. Their calendar is told."))


@needs(Right.ANSWER)
@require_POST
def use_address(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Mail to an address of theirs came back, and somebody knows that it works."""
    journey, address = journey_for(request, journey_id), request.POST.get("address", "")
    if not is_theirs(journey, address):
        raise ThreadlineError(_("This is no address of the person in this story."))
    addresses.use_again(address=address, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("Mail goes to %(address)s again.") % {"address": address})


@needs(Right.ANSWER)
@require_POST
def retry(request: HttpRequest, touch_id: int) -> HttpResponse:
    """Send a message again that failed."""
    membership = membership_for(request, touch_id)
    delivery = Delivery.objects.filter(interaction=touch_id).select_related("interaction").first()
    if delivery is None:
        raise Http404
    deliveries.retry(delivery=delivery)
    return done(request, membership.journey_id, _("On its way again."))
