"""Moments and waits. `{% load times %}`. `now` comes from the page when it sets one, so that one page has one now."""

from datetime import datetime, timedelta

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from threadline.core.durations import spell
from threadline.desk.moments import exact, planned, told
from threadline.desk.templatetags.parts import icon

register = template.Library()
TURNS = ("ours", "theirs", "nobody")


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString | str:
    """A moment in flow: `{% when touch.at %}`."""
    return "" if at is None else _time(at, told(at, now=_now(context)))


@register.simple_tag(takes_context=True)
def due(context: Context, at: datetime | None) -> SafeString | str:
    """A moment to come, absolute: `{% due journey.wake_at %}`."""
    return "" if at is None else _time(at, planned(at, now=_now(context)))


@register.simple_tag(takes_context=True)
def wait(context: Context, since: datetime | None, turn: str = "ours", form: str = "short") -> SafeString | str:
    """The clock: `{% wait journey.waiting_since "ours" %}`; `form="said"` says `Waiting 1 h 18 m`,
    `form="full"` for whom.

    The browser keeps it running from `data-since`.
    """
    if since is None:
        return ""
    turn = turn if turn in TURNS else "nobody"
    lasted = format_html("<b>{}</b>", spell(_now(context) - since))
    return format_html(
        '<span class="clock" data-turn="{}" data-since="{}" title="{}"><span>{}</span></span>',
        turn,
        since.isoformat(),
        _("Since %(moment)s") % {"moment": exact(since)},
        _said(turn, lasted, form),
    )


@register.simple_tag(takes_context=True)
def promise(context: Context, due_at: datetime | None) -> SafeString | str:
    """When the next answer is promised: `by today 16:00`, and once that has passed `2 h 10 m late`."""
    if due_at is None:
        return ""
    now = _now(context)
    if due_at >= now:
        return format_html(
            '<span class="due" title="{}">{}<span>{}</span></span>',
            _("Promised by %(moment)s") % {"moment": exact(due_at)},
            icon("promise", "s"),
            _("by %(moment)s") % {"moment": planned(due_at, now=now)},
        )
    return format_html(
        '<span class="due" data-late data-since="{}" title="{}">{}<span>{}</span></span>',
        due_at.isoformat(),
        _("Promised by %(moment)s") % {"moment": exact(due_at)},
        icon("promise", "s"),
        format_html(_("{lasted} late"), lasted=format_html("<b>{}</b>", spell(now - due_at))),
    )


@register.filter
def duration(lasted: timedelta | float | None) -> str:
    """`{{ journey.longest_wait|duration }}`: `3 h 12 m`. Numbers are seconds."""
    if lasted is None:
        return ""
    return spell(lasted if isinstance(lasted, timedelta) else timedelta(seconds=lasted))


def _said(turn: str, lasted: SafeString, form: str) -> SafeString:
    if form == "short":
        return lasted
    if form == "said" and turn == "ours":
        return format_html(_("Waiting {lasted}"), lasted=lasted)
    sentence = {
        "ours": _("Waiting {lasted} for us"),
        "theirs": _("We wait {lasted} for them"),
        "nobody": _("Nobody has waited for {lasted}"),
    }[turn]
    return format_html(sentence, lasted=lasted)


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time class="meta" datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), words)


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()
