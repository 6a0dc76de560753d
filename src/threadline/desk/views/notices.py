"""What is new for an agent: the bell, the list, seen and muted, and where each notice went."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.desk.queries import notices as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings import shell
from threadline.desk.views.story.found import is_fragment
from threadline.journeys.models import NoticeSend
from threadline.journeys.notices import seeing
from threadline.lib.errors import ThreadlineError


@needs()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = agent_of(request), timezone.now()
    unseen, after = "unseen" in request.GET, request.GET.get("after", "")
    rows, further = queries.rows(agent, now=now, after=after, unseen=unseen)
    shown = {
        "place": "notices",
        "now": now,
        "rows": rows,
        "after": further,
        "unseen": unseen,
        "upto": max((row.notice.event_id for row in rows), default=0),
        "fresh": any(row.notice.seen_at is None for row in rows),
        "muted": queries.muted(agent),
        "here": f"{reverse('notices')}?{urlencode({'unseen': 1} if unseen else {})}",
        "further": bool(after),
    }
    return render(request, "desk/notices/list.html" if is_fragment(request) else "desk/notices/notices.html", shown)


@needs()
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Asked for by a screen that was told that something is new."""
    return render(request, "desk/parts/bell.html", {"news": queries.shown(queries.unseen(agent_of(request)))})


@needs()
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """One, or all up to the newest that was on the page: what came in meanwhile stays new."""
    agent, now = agent_of(request), timezone.now()
    one, upto = request.POST.get("notice", ""), request.POST.get("upto", "")
    if one:
        notice = get_object_or_404(seeing.visible(agent), pk=_number(one))
        count = seeing.saw(by=agent, now=now, journey=notice.journey)
    else:
        count = seeing.saw(by=agent, now=now, upto=_number(upto))
    words = _("Seen.") if count == 1 else _("%(n)s seen.") % {"n": count}
    return _done(request, words, f"{reverse('notices-unseen')}?{urlencode({'at': now.isoformat()})}" if count else "")


@needs()
@require_POST
def unseen(request: HttpRequest) -> HttpResponse:
    """Take back what was marked as seen at that moment."""
    at = parse_datetime(request.GET.get("at", ""))
    if at is None:
        raise ThreadlineError(_("The address names no moment. Open the list and try again."))
    seeing.unsee(by=agent_of(request), at=at)
    return _done(request, _("New again."))


@needs()
@require_POST
def mute(request: HttpRequest, number: int) -> HttpResponse:
    """Nothing more of the story of a notice, or for its reason."""
    agent, now = agent_of(request), timezone.now()
    notice = get_object_or_404(seeing.visible(agent).select_related("journey"), pk=number)
    if request.POST.get("what") == "reason":
        made, words = seeing.mute(by=agent, now=now, reason=notice.reason), _("Nothing more for this reason.")
    else:
        made, words = seeing.mute(by=agent, now=now, journey=notice.journey), _("Nothing more of this story.")
    return _done(request, words, reverse("mute-end", args=[made.pk]))


@needs()
@require_POST
def unmute(request: HttpRequest, number: int) -> HttpResponse:
    seeing.unmute(number=number, by=agent_of(request))
    return _done(request, _("You hear of it again."))


def _done(request: HttpRequest, words: str, undo: str = "") -> HttpResponse:
    """The list and the bell ask for themselves again."""
    if not is_fragment(request):
        messages.success(request, words, extra_tags=undo)
        return redirect("notices")
    answer = render(request, "desk/parts/toast_oob.html", {"text": words, "undo": undo})
    answer["HX-Trigger"] = "threadline:notices"
    return answer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


# ---- where they went -----------------------------------------------------------------------------------------------


@needs()
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The agent's own."""
    found = NoticeSend.objects.filter(agent=agent_of(request))
    rows, further = queries.log(found, after=request.GET.get("after", ""))
    shown = {"place": "notices", "now": timezone.now(), "rows": rows, "next": _next(request, further)}
    return render(request, "desk/notices/log.html", shown)


class Narrow(forms.Form):
    agent = forms.ModelChoiceField(
        Agent.objects.none(), required=False, label=gettext_lazy("Who"), empty_label=gettext_lazy("Everybody")
    )
    state = forms.ChoiceField(
        choices=[("", gettext_lazy("All")), *NoticeSend.State.choices],
        required=False,
        label=gettext_lazy("What became of it"),
    )

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.fields["agent"].queryset = Agent.objects.order_by("name")  # type: ignore[attr-defined]


@needs(Right.AUDIT)
@require_safe
def everybodys_log(request: HttpRequest) -> HttpResponse:
    """For who may audit: where everybody's notices went, with no word of a story."""
    form, found = Narrow(request.GET or None), NoticeSend.objects.all()
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    for name in ("agent", "state"):
        if said.get(name):
            found = found.filter(**{name: said[name]})
    rows, further = queries.log(found, after=request.GET.get("after", ""))
    shown: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "next": _next(request, further),
        "everybody": True,
        "filtered": any(said.values()),
    }
    return shell.page(request, "notices", "settings-notices", **shown)


def _next(request: HttpRequest, after: str) -> str:
    further = request.GET.copy()
    further["after"] = after
    return f"?{further.urlencode()}" if after else ""
