"""The parts that every screen is made of. `{% load parts %}`."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby

from django import template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.core.mail.rich import sanitised
from threadline.desk.glyphs import drawing, glyph_of

register = template.Library()
BEADS = 6
KNOWN = {
    "verified": (gettext_lazy("verified"), gettext_lazy("Verified: signed in, or a code or signature was checked")),
    "observed": (gettext_lazy("observed"), gettext_lazy("Observed: the channel showed it, as caller id or From line")),
    "claimed": (gettext_lazy("claimed"), gettext_lazy("Claimed: only said or typed; nobody has checked it")),
}
SURE = (
    (0.995, gettext_lazy("certain")),
    (0.9, gettext_lazy("very sure")),
    (0.7, gettext_lazy("fairly sure")),
    (0.5, gettext_lazy("more likely than not")),
    (0.0, gettext_lazy("a guess")),
)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "reply" %}`, small: `{% icon "reply" "s" %}`. Words beside it name it; it is silent itself."""
    return _drawn("icon", f"i-{name}", size)


@register.simple_tag
def glyph(kind: str, public: bool = False, size: str = "", named: bool = False) -> SafeString:
    """The channel of a touch: `{% glyph touch.kind touch.public %}`; `named=True` adds its name beside it."""
    of = glyph_of(kind, public=public)
    drawn = _glyph(of.channel, size)
    return format_html('<span class="glyphed">{} {}</span>', drawn, of.name) if named else drawn


@register.simple_tag
def channel_name(kind: str, public: bool = False) -> str:
    """`X post`, `X message`, `Email`."""
    return str(glyph_of(kind, public=public).name)


@register.simple_tag
def by_channel(kind: str, public: bool = False) -> str:
    """For sentences: Ana `by email`, Ana `on X`."""
    return str(glyph_of(kind, public=public).spoken)


@register.simple_tag
@lru_cache(2048, typed=True)  # a list shows the same few colleagues in every row
def avatar(name: str, us: bool = False, here: bool = False, size: str = "", title: str = "") -> SafeString:
    """Initials, round for customers, square for us (`us=True`), ringed when here now (`here=True`)."""
    initials = initials_of(name)
    return format_html(
        '<span class="avatar"{}{}{} role="img" aria-label="{}" title="{}">{}</span>',
        mark_safe(" data-us" if us else ""),
        mark_safe(" data-here" if here else ""),
        _size(size),
        title or name,
        title or name,
        initials or _drawn("icon", "i-person"),
    )


@register.simple_tag
def known(level: str) -> SafeString:
    """How a handle is known, as a shield and its word: verified, observed or claimed."""
    word, meaning = KNOWN[str(level)]
    return format_html('<span class="known" title="{}">{}{}</span>', meaning, _drawn("icon", f"k-{level}"), word)


@register.simple_tag
def beads(channels: Sequence[str], turn: str = "theirs") -> SafeString:
    """Channels in order of use on one line: `{% beads journey.channels "ours" %}`, the newest six."""
    strung = [channel for channel, _again in groupby(channels)]
    older = max(0, len(strung) - BEADS)
    more = format_html("<li data-more>+{}</li>", older) if older else ""
    shown = format_html_join(
        "",
        "<li{}>{}</li>",
        ((mark_safe(" data-public" if one.endswith("+public") else ""), glyph(one)) for one in strung[older:]),
    )
    words = ", ".join(_bead_name(one) for one in strung)
    return format_html('<ul class="beads" data-turn="{}" aria-label="{}">{}{}</ul>', turn, words, more, shown)


@register.simple_block_tag
def why(content: str, decision: object, summary: str = "") -> SafeString | str:
    """`{% why membership.decision "Why it belongs to this story" %}buttons to undo{% endwhy %}`. None shows nothing."""
    if decision is None:
        return ""
    summary = summary or _("Why")
    return _render("why", decision=decision, summary=summary, slot=content)


@register.simple_block_tag
def banner(content: str, icon: str = "alert", kind: str = "") -> SafeString:
    """`{% banner "offline" %}<p><b>What.</b> So what.</p>{% endbanner %}`; kinds: guard, fail, ours."""
    return _render("banner", icon=icon, kind=kind, slot=content)


@register.simple_block_tag
def empty(content: str, title: str, slack: bool = False, level: str = "h2") -> SafeString:
    """`{% empty "Nobody waits for you" slack=True %}<p>…</p>{% endempty %}`; `slack` draws the line at rest."""
    return _render("empty", title=title, slack=slack, level=level, slot=content)


@register.simple_tag
def skeleton(rows: int = 3) -> SafeString:
    """List rows while they come."""
    return _render("skeleton", rows=range(rows))


@register.filter
def sure(confidence: float) -> str:
    """How sure, in words before the number: `very sure (0.93)`."""
    word = next(word for least, word in SURE if confidence >= least)
    return f"{word} ({confidence:.2f})"


@register.filter
def percent(share: float) -> str:
    """`98 %`, `99.4 %` near the ends, where a tenth matters."""
    return f"{100 * share:.1f} %".replace(".0 ", " ") if not 0.02 < share < 0.98 else f"{100 * share:.0f} %"


@register.filter
def our_own(html: str) -> SafeString:
    """The layout of one of our answers, made harmless once more where it is shown."""
    return mark_safe(sanitised(html))


@register.filter("initials")
def initials_of(name: str) -> str:
    """Two at most, from the first and the last word that begin with a letter; empty where there is none."""
    words = [word.lstrip("@(\"'“‘") for word in name.replace("_", " ").split()]
    letters = [word[0].upper() for word in words if word and word[0].isalpha() and not word.endswith(".")]
    return "".join(letters[:1] + letters[1:][-1:])


def _bead_name(channel: str) -> str:
    name = str(glyph_of(channel).name)
    if not channel.endswith("+public"):
        return name
    return _("public %(channel)s") % {"channel": name}


# The same few drawings stand hundreds of times on a page: making each once takes a tenth off the time of a list.
@cache
def _glyph(channel: str, size: str) -> SafeString:
    return format_html(
        '<svg class="glyph" data-channel="{}"{} aria-hidden="true"><use href="{}"/></svg>',
        channel,
        _size(size),
        drawing(f"ch-{channel}"),
    )


@cache
def _drawn(kind: str, symbol: str, size: str = "") -> SafeString:
    return format_html(
        '<svg class="{}"{} aria-hidden="true"><use href="{}"/></svg>', kind, _size(size), drawing(symbol)
    )


def _size(size: str) -> SafeString:
    return format_html(' data-size="{}"', size) if size else SafeString("")


def _render(part: str, **values: object) -> SafeString:
    return mark_safe(get_template(f"desk/parts/{part}.html").render(values))
