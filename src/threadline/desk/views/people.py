"""One person: who they are and how we know; two people: one or not."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.accounts.sights import saw
from threadline.customers.models import Customer
from threadline.customers.queries import standing
from threadline.desk.forms.people import Other
from threadline.desk.queries import people as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment
from threadline.journeys import actions
from threadline.lib.errors import ThreadlineError

Decide = Callable[[Customer, Customer], Event]


@login_required
@require_GET
def person(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = found(request, customer_id)
    if customer.pk != customer_id:
        return redirect("person", customer.pk)
    now = timezone.now()
    context = {
        "now": now,
        "person": queries.page(customer, agent=agent_of(request), now=now),
        **_others(request, customer),
    }
    if not is_fragment(request):
        saw(agent_of(request), customer=customer.pk)
    return render(request, "desk/people/person.html", context)


@login_required
@require_GET
def others(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who else it may be, while somebody types."""
    customer = found(request, customer_id)
    return render(request, "desk/people/others.html", {"customer": customer, **_others(request, customer)})


@login_required
@require_GET
def beside(request: HttpRequest, customer_id: int, other_id: int) -> HttpResponse:
    """Both people, strand by strand, before anything is decided."""
    customer, other = found(request, customer_id), found(request, other_id)
    if customer.pk == other.pk:
        raise ThreadlineError(_("Both numbers stand for one and the same person: %s. Choose another one.") % customer)
    if (customer.pk, other.pk) != (customer_id, other_id):
        return redirect("person-beside", customer.pk, other.pk)
    pair = queries.pair(customer, other, agent=agent_of(request))
    for each in (customer, other):
        saw(agent_of(request), customer=each.pk)
    return render(request, "desk/people/pair.html", {"now": timezone.now(), "pair": pair, "customer": customer})


@needs(Right.ORGANISE)
@require_POST
def merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The one known longer stays; the other's number leads there for ever."""

    def join(customer: Customer, other: Customer) -> Event:
        kept, gone = sorted((customer, other), key=lambda one: one.pk)
        return actions.merge_customers(customer=gone, into=kept, by=agent_of(request), now=timezone.now())

    return _decide(request, customer_id, join, _("Joined: they are one person now."))


@needs(Right.ORGANISE)
@require_POST
def apart(request: HttpRequest, customer_id: int) -> HttpResponse:
    def keep_apart(customer: Customer, other: Customer) -> Event:
        return actions.keep_apart(customer=customer, other=other, by=agent_of(request), now=timezone.now())

    return _decide(request, customer_id, keep_apart, _("Kept apart. No rule joins or suggests them again."))


def _decide(request: HttpRequest, customer_id: int, decide: Decide, words: str) -> HttpResponse:
    customer = found(request, customer_id)
    form = Other(request.POST, by=agent_of(request))
    if not form.is_valid():
        raise ThreadlineError(form.errors["other"][0])
    event = decide(customer, form.cleaned_data["other"])
    messages.success(request, words, extra_tags=reverse("event-undo", args=[event.pk]))
    return redirect("person", standing(customer.pk).pk)


def found(request: HttpRequest, number: int) -> Customer:
    """The standing person behind a number, or 404."""
    try:
        customer = standing(number)
    except (Customer.DoesNotExist, OverflowError) as error:
        raise Http404(_("Nobody has this number.")) from error
    if not Customer.objects.visible_to(agent_of(request)).filter(pk=customer.pk).exists():
        raise Http404(_("Nobody has this number."))
    return customer


def _others(request: HttpRequest, customer: Customer) -> dict[str, object]:
    words = request.GET.get("other", "").strip()[:200]
    return {"words": words, "others": queries.find(words, by=agent_of(request), but=customer.pk) if words else []}
