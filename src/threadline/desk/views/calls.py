"""Writing a call down while it goes on, and the call that comes in right now."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.channels.models import Channel
from threadline.customers.models import Customer, Identity
from threadline.desk.forms.calls import Call
from threadline.desk.queries import calls as queries
from threadline.desk.queries.people.finding import id_in
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey, Membership

Given = dict[str, str]
FIELDS = ("number", "withheld", "direction", "channel", "name", "customer", "journey", "about", "text", "seconds")


@needs(Right.ANSWER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, and, sent, the call in its story. Without scripts, `look` asks who it may be and stores nothing."""
    if request.method == "GET":
        return _form(request, _opened(request), None)
    if "look" in request.POST:
        return _form(request, request.POST.dict(), None)
    form = Call(request.POST, by=agent_of(request))
    if not form.is_valid():
        return _form(request, request.POST.dict(), form, status=422)
    touch = write_down(form, by=agent_of(request))
    messages.success(request, _("The call is written down."))
    return redirect(place_of(touch))


@needs(Right.ANSWER)
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Who it may be, while somebody types."""
    found = queries.lookup(_asked(request.GET.dict(), queries.phones()), agent=agent_of(request))
    return render(request, "desk/calls/who.html", {"now": timezone.now(), "found": found, "given": request.GET})


@login_required
@require_GET
def ringing(request: HttpRequest, event_id: int) -> HttpResponse:
    """Who calls right now; nothing when the call is over or is not for this agent."""
    call = queries.ringing(event_id, agent=agent_of(request), now=timezone.now())
    if call is None:
        return HttpResponse(status=204)
    return render(request, "desk/calls/ringing.html", {"call": call, "number": event_id})


@transaction.atomic
def write_down(form: Call, *, by: Agent) -> Interaction:
    """Log the call; a story of its own is cut from wherever the rules put it."""
    data, now = form.cleaned_data, timezone.now()
    touch = actions.log_call(
        channel=data["channel"],
        number=data["number"],
        name=data["name"],
        text=data["text"],
        by=by,
        now=now,
        inbound=data["direction"] == "in",
        journey=data["journey"],
        customer=data["customer"],
        seconds=data["seconds"],
    )
    home = Membership.objects.filter(interaction=touch, superseded_at=None).values_list("journey", flat=True).first()
    if form.begins_new and home not in (None, touch.pk):
        actions.move(interaction=touch, to=None, by=by, now=now)
    return touch


def place_of(touch: Interaction) -> str:
    """The story at the call; for a call that belongs to none, the person."""
    home = Membership.objects.filter(interaction=touch, superseded_at=None).values_list("journey", flat=True).first()
    if home is not None:
        return f"{reverse('story', args=[home])}#touch-{touch.pk}"
    return reverse("person", args=[touch.identity.customer_id]) if touch.identity else reverse("queue")


def _opened(request: HttpRequest) -> Given:
    """What the address brings along: a number, a person, or a story with its person."""
    given = request.GET.dict()
    if (number := id_in(given.get("journey", ""))) is not None:
        journey = Journey.objects.visible_to(agent_of(request)).standing().filter(pk=number).first()
        if journey is not None:
            given["customer"] = str(journey.customer_id)
    if (customer := id_in(given.get("customer", ""))) is not None:
        given["about"] = given["customer"]
        given["number"] = given.get("number") or _number_of(customer, agent_of(request))
    return given


def _number_of(customer: int, agent: Agent) -> str:
    """The number a person is best reached by, if this agent may look that person up."""
    known = Customer.objects.visible_to(agent).filter(pk=customer)
    tel = Identity.objects.filter(customer__in=known, scheme="tel").order_by("-last_seen_at")
    proven = tel.exclude(level="claimed").first() or tel.first()
    return proven.value if proven else ""


def _form(request: HttpRequest, given: Given, form: Call | None, *, status: int = 200) -> HttpResponse:
    channels = queries.phones()
    context = {
        "place": "call",
        "now": timezone.now(),
        "given": dict.fromkeys(FIELDS, "") | given,
        "errors": form.errors if form else {},
        "channels": channels,
        "found": queries.lookup(_asked(given, channels), agent=agent_of(request)),
    }
    return render(request, "desk/calls/new.html", context, status=status)


def _asked(given: Given, channels: list[Channel]) -> queries.Asked:
    words: dict[str, Any] = {
        name: given.get(name, "")[:255] for name in ("number", "name", "customer", "journey", "about")
    }
    channel = next((one for one in channels if str(one.pk) == given.get("channel")), channels[0] if channels else None)
    return queries.Asked(withheld=bool(given.get("withheld")), region=queries.region_of(channel), **words)
