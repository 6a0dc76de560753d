"""What the pages of the settings share: the frame, keeping a form, and saying what was done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from threadline.accounts.actions import can_undo
from threadline.accounts.models import Event
from threadline.desk.queries.settings.menu import menu
from threadline.desk.signed_in import agent_of
from threadline.lib.errors import ThreadlineError

Act = Callable[[dict[str, Any]], Event | None]


def page(request: HttpRequest, name: str, here: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The page `settings/name.html`; `here` is the address name under which it stands in the navigation."""
    frame = {"menu": menu(agent_of(request)), "here": here, "place": "settings", "now": timezone.now()}
    return render(request, f"desk/settings/{name}.html", {**frame, **shown}, status=status)


def given(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when nothing is in it; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def kept(
    request: HttpRequest, form: forms.Form, act: Act, *, words: str, to: str, args: tuple[Any, ...] = ()
) -> HttpResponse | None:
    """Do what a form asks and go on; None when it was refused, and the form then says why."""
    if not form.is_valid():
        return None
    try:
        event = act(form.cleaned_data)
    except ThreadlineError as error:
        form.add_error(None, str(error))
        return None
    return done(request, words, event, to=to, args=args)


def done(request: HttpRequest, words: str, event: Event | None, *, to: str, args: tuple[Any, ...] = ()) -> HttpResponse:
    """On to a page, with what was done and its undo."""
    undo = reverse("settings-undo", args=[event.pk]) if event is not None and can_undo(event) else ""
    messages.success(request, words, extra_tags=undo)
    return redirect(to, *args)
