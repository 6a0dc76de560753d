"""What somebody said of being written to: written down on their page, and taken back there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.rights import Right
from threadline.customers.models import Customer, Identity
from threadline.desk.queries.people.consents import Wish, wishes
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.people import found
from threadline.journeys.models import Consent
from threadline.journeys.reaching import consents
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER)
@require_POST
def say(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = found(request, customer_id)
    wish = next((each for each in _wishes(customer) if each.key == request.POST.get("way")), None)
    if wish is None or request.POST.get("allowed") not in ("yes", "no"):
        raise ThreadlineError(_("Choose where they may or may not be written to, and which of the two."))
    identity = Identity.objects.get(pk=wish.key.partition("-")[0])
    allowed, evidence = request.POST["allowed"] == "yes", request.POST.get("evidence", "")
    by, now = agent_of(request), timezone.now()
    consents.say(identity=identity, kind=wish.kind, allowed=allowed, evidence=evidence, by=by, now=now)
    words = _("Noted. We write there.") if allowed else _("Noted. Nobody writes there any more.")
    messages.success(request, words)
    return redirect("person", customer.pk)


@needs(Right.ANSWER)
@require_POST
def take_back(request: HttpRequest, customer_id: int, consent_id: int) -> HttpResponse:
    customer = found(request, customer_id)
    numbers = [each.said.pk for each in _wishes(customer) if each.said]
    row = get_object_or_404(Consent, pk=consent_id if consent_id in numbers else 0)
    consents.take_back(consent=row, customer=customer, by=agent_of(request), now=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("person", customer.pk)


def _wishes(customer: Customer) -> list[Wish]:
    return wishes(list(Identity.objects.filter(customer=customer).order_by("pk")))
