"""A page of a shop with the chat on it, to try it out: as anybody, or as somebody who signed in there."""

import time

import jwt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from threadline.channels.models import Channel
from threadline.lib.pages import LISTENS

# People of the sample company, as its shop knows them.
SIGNED_IN = {
    "ana": ("DEMO-1", "ana.demo@example.com", "Ana Demo"),
    "ben": ("DEMO-2", "ben.demo@example.com", "Ben Demo"),
}
HOUR = 3600


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """`?channel=` chooses one of several chats, `?as=ana` signs somebody in whom nobody knows; `?consent=1` agrees."""
    channels = Channel.objects.active().filter(kind="chat").select_related("brand").order_by("pk")
    channel = channels.filter(address=request.GET.get("channel", "")[:255]).first() or channels.first()
    who = request.GET.get("as", "")
    page = render(
        request,
        "portal/demo.html",
        {
            "channel": channel,
            "brand": (channel.brand.name if channel.brand else channel.name) if channel else "Threadline",
            "who": SIGNED_IN[who][2] if who in SIGNED_IN else "",
            "identity": identity(channel, who) if channel and who in SIGNED_IN else "",
            "consent": request.GET.get("consent") == "1",
        },
    )
    page["Permissions-Policy"] = LISTENS
    return page


def identity(channel: Channel, who: str) -> str:
    """What the shop's own server would sign: only where the key is one that was made for trying out."""
    key = channel.secrets.get("identity_key", "")
    if not channel.settings.get("demo") or not key:
        return ""
    account, email, name = SIGNED_IN[who]
    said = {"sub": account, "email": email, "name": name, "aud": channel.address, "exp": int(time.time()) + HOUR}
    return jwt.encode(said, key, algorithm="HS256")
