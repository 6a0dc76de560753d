"""Each kind of touch has a glyph, a name for lists and lanes, and words for a sentence ("Ana *by email*")."""

from dataclasses import dataclass
from functools import cache

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from threadline.channels.adapters import adapters
from threadline.channels.kinds import label


@dataclass(frozen=True, slots=True)
class Glyph:
    """`channel` is the key of the drawing and of its hue; the words are translated when shown."""

    channel: str
    name: str | Promise
    spoken: str | Promise


PRIVATE: dict[str, Glyph] = {
    "email": Glyph("email", _("Email"), _("by email")),
    "chat": Glyph("chat", _("Chat"), _("in chat")),
    "phone": Glyph("phone", _("Phone"), _("by phone")),
    "sms": Glyph("sms", _("Text message"), _("by text message")),
    "whatsapp": Glyph("messenger", _("WhatsApp"), _("on WhatsApp")),
    "x": Glyph("dm", _("X message"), _("by X message")),
    "facebook": Glyph("messenger", _("Facebook message"), _("by Facebook message")),
    "review": Glyph("review", _("Review"), _("in a review")),
    "community": Glyph("community", _("Community"), _("in the community")),
    "store": Glyph("store", _("Store"), _("at the store")),
    "web": Glyph("web", _("Web"), _("on the web")),
    "article": Glyph("article", _("Article"), _("in the help center")),
    "purchase": Glyph("purchase", _("Purchase"), _("with a purchase")),
    "app": Glyph("web", _("App"), _("in the app")),
    "survey": Glyph("survey", _("Survey"), _("in a survey")),
    "signal": Glyph("signal", _("Signal"), _("from our systems")),
    "video": Glyph("video", _("Video"), _("by video")),
}
PUBLIC: dict[str, Glyph] = {
    "x": Glyph("post", _("X post"), _("on X")),
    "facebook": Glyph("social", _("Facebook comment"), _("on Facebook")),
}


def glyph_of(kind: str, *, public: bool = False) -> Glyph:
    """`kind` may carry its side, as in `x+public`. A kind we do not know yet is shown by its own name."""
    kind, _plus, side = kind.partition("+")
    public = public or side == "public"
    if public and kind in PUBLIC:
        return PUBLIC[kind]
    return PRIVATE.get(kind) or brought(kind, public)


def brought(kind: str, public: bool) -> Glyph:
    """Of a kind that an adapter brings along; one that is gone is called by its own name."""
    for each in adapters().values():
        if each.kind == kind and each.label:
            drawn = each.public_glyph if public else each.glyph
            return Glyph(drawn, gettext(each.label), gettext(each.spoken or each.label))
    name = label(kind)
    return Glyph("signal", name, name)


@cache
def drawing(symbol: str) -> str:
    """Where a symbol of the sprite lives, for `<use href>`."""
    return f"{static('desk/icons.svg')}#{symbol}"
