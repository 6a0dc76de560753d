"""Teaching intents: everybody reads how they fare; teachers change them, in a draft that is tried before it counts."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.desk.forms import teaching as forms
from threadline.desk.queries.review import intents as queries
from threadline.desk.rights import require
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment
from threadline.interactions.actions import intents as actions
from threadline.journeys.actions import go_back_to_intents, trial, use_intents
from threadline.lib.errors import ThreadlineError

View = Callable[[HttpRequest], HttpResponse]
Done = tuple[str, str]


@login_required
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    return _tree(request)


@login_required
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    return _one(request, name)


@login_required
@require_safe
def outside(request: HttpRequest) -> HttpResponse:
    """The texts that are none of the intents."""
    return _one(request, "")


@login_required
@require_safe
def draft(request: HttpRequest) -> HttpResponse:
    """How far trying is; when it is over, the page asks for itself again."""
    now = timezone.now()
    mine = queries.draft(agent_of(request), now=now)
    answer = render(request, "desk/review/intents/draft.html", {"draft": mine, "now": now})
    if mine is None or not mine.learning:
        answer["HX-Refresh"] = "true"
    return answer


# ---- changes, each a form of its own -------------------------------------------------------------------------------


def changes(form: type[forms.About]) -> "Callable[[Callable[..., Done]], View]":
    """A change: what it returns is where to go on and what to say; refused, the page says why."""

    def made(act: Callable[..., Done]) -> View:
        @login_required
        @require_POST
        @wraps(act)
        def view(request: HttpRequest) -> HttpResponse:
            teacher = teacher_of(request)
            filled = form(request.POST)
            filled.is_valid()
            try:
                where, words = act(request, filled.cleaned_data, by=teacher)
            except ThreadlineError as error:
                return _refused(request, str(error))
            messages.success(request, words, extra_tags=reverse("intents-undo"))
            return redirect(where)

        return view

    return made


@changes(forms.Opened)
def open_intent(request: HttpRequest, said: dict[str, str], *, by: Agent) -> Done:
    name = " ".join(said["name"].split())
    actions.open_intent(name=name, group=said["group"], texts=said["examples"], by=by, now=timezone.now())
    return address(name), _("Opened, in the draft.")


@changes(forms.Examples)
def add(request: HttpRequest, said: dict[str, str], *, by: Agent) -> Done:
    actions.add_examples(intent=said["intent"], texts=said["examples"], by=by, now=timezone.now())
    return address(said["intent"]), _("Added, in the draft.")


@changes(forms.Named)
def choose(request: HttpRequest, said: dict[str, str], *, by: Agent) -> Done:
    """Chosen examples are removed, or become an intent of their own."""
    texts, intent, now = request.POST.getlist("example"), said["intent"], timezone.now()
    if request.POST.get("do") == "split":
        actions.split(intent=intent, texts=texts, to=said["name"], group=said["group"], by=by, now=now)
        return address(" ".join(said["name"].split())), _("Split, in the draft. These examples are an intent now.")
    actions.take_examples(intent=intent, texts=texts, by=by, now=now)
    return address(intent), _("Removed, in the draft.")


@changes(forms.Named)
def rename(request: HttpRequest, said: dict[str, str], *, by: Agent) -> Done:
    actions.rename(intent=said["intent"], to=said["name"], group=said["group"], by=by, now=timezone.now())
    return address(" ".join(said["name"].split())), _("Renamed, in the draft.")


@changes(forms.Merged)
def merge(request: HttpRequest, said: dict[str, str], *, by: Agent) -> Done:
    if not said["into"]:
        raise ThreadlineError(_("No intent is chosen. Choose the one to merge into."))
    actions.merge(intent=said["intent"], into=said["into"], by=by, now=timezone.now())
    return address(said["into"]), _("Merged, in the draft.")


# ---- what becomes of the draft -------------------------------------------------------------------------------------


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    words = actions.undo(by=teacher_of(request), now=timezone.now())
    return _said(request, _("Taken back: %s.") % words)


@login_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    actions.drop(by=teacher_of(request), now=timezone.now())
    return _said(request, _("The draft is dropped. What is in use did not change."))


@login_required
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    trial.try_out(by=teacher_of(request), now=timezone.now())
    return redirect("review-intents")


@login_required
@require_POST
def use(request: HttpRequest) -> HttpResponse:
    form, teacher = forms.Version(request.POST), teacher_of(request)
    number = form.cleaned_data["version"] if form.is_valid() else 0
    renamed = use_intents(version=number, by=teacher, now=timezone.now())
    words = _("In use from now on. Touches that come in are read with it; older ones stay as they are.")
    if renamed:
        words = _("In use from now on, for touches that come in. Stories under a changed name carry the new one.")
    return _said(request, words)


@login_required
@require_POST
def go_back(request: HttpRequest) -> HttpResponse:
    go_back_to_intents(by=teacher_of(request), now=timezone.now())
    return _said(request, _("Gone back. The version before is in use again."))


# ---- the same for several ------------------------------------------------------------------------------------------


def teacher_of(request: HttpRequest) -> Agent:
    require(request, Right.TEACH)
    return agent_of(request)


def address(name: str) -> str:
    return reverse("review-intent", args=[name]) if name else reverse("review-outside")


def _said(request: HttpRequest, words: str) -> HttpResponse:
    """On to the list. A toast asks without leaving its page: then the browser is sent there."""
    messages.success(request, words)
    if not is_fragment(request):
        return redirect("review-intents")
    return HttpResponse(headers={"HX-Redirect": reverse("review-intents")})


def _refused(request: HttpRequest, error: str) -> HttpResponse:
    """The page it came from, with what was written still in it."""
    name = request.POST.get("intent")
    return _tree(request, error) if name is None else _one(request, name, error)


def _tree(request: HttpRequest, error: str = "") -> HttpResponse:
    now = timezone.now()
    page = queries.page(agent_of(request), now=now)
    return _page(request, "tree", {"page": page, "draft": page.draft, "now": now}, error)


def _one(request: HttpRequest, name: str, error: str = "") -> HttpResponse:
    now, words, number = timezone.now(), request.GET.get("q", "").strip()[:200], request.GET.get("page", "")
    wanted = int(number) if number.isdecimal() and len(number) < 6 else 1
    found = queries.one(name, agent_of(request), number=wanted, words=words, now=now)
    if found is None:
        raise Http404(_("There is no intent “%s”. It may have been renamed or merged.") % name[:120])
    return _page(request, "one", {"one": found, "draft": found.draft, "words": words, "now": now}, error)


def _page(request: HttpRequest, name: str, shown: dict[str, object], error: str) -> HttpResponse:
    context = {
        **shown,
        "error": error,
        "said": request.POST,
        "chosen": request.POST.getlist("example"),
        "can_edit": agent_of(request).may(Right.TEACH),
        "place": "review",
        "tab": "intents",
    }
    return render(request, f"desk/review/intents/{name}.html", context, status=422 if error else 200)
