"""The audit log: read, narrowed, and taken along, which is itself recorded."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.events import record
from threadline.accounts.rights import Right
from threadline.customers.models import Customer
from threadline.desk.forms.settings.audit import Filter
from threadline.desk.queries.settings import audit as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page

HERE = "settings-audit"


@needs(Right.AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = Filter(request.GET or None)
    asked = _asked(form, request.GET)
    found = queries.listed(asked)
    people = Customer.objects.in_bulk({line.person for line in found.lines if line.person})
    lines = [{"line": line, "name": people.get(line.person or 0, "")} for line in found.lines]
    shown = {"form": form, "lines": lines, "filtered": bool(_facts(asked))}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "audit", HERE, status=status, next=_address(request.GET, found.after), **shown)


@needs(Right.AUDIT)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """As the list is narrowed, all of it, as CSV."""
    asked = _asked(Filter(request.POST), request.POST)
    now = timezone.now()
    record("exported", at=now, by=agent_of(request), what="audit", filter=_facts(asked))
    answer = StreamingHttpResponse(queries.as_csv(asked), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate(now):%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _asked(form: Filter, given: QueryDict) -> queries.Asked:
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    agent = said.get("agent")
    return queries.Asked(
        agent=agent.pk if agent else None,
        verb=said.get("verb", ""),
        person=said.get("person"),
        after=given.get("after", ""),
    )


def _facts(asked: queries.Asked) -> dict[str, object]:
    facts = {"agent": asked.agent, "verb": asked.verb, "person": asked.person}
    return {name: value for name, value in facts.items() if value}


def _address(given: QueryDict, after: str) -> str:
    if not after:
        return ""
    further = given.copy()
    further["after"] = after
    return f"?{further.urlencode()}"
