"""What makes the desk an app on a phone or a desktop: for anybody, because it says nothing about anybody."""

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

WORKER = "desk/built/service_worker.js"
SIZES = (192, 512)
GROUND = "#eff2f3"


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The name, the icons and where it begins."""
    icons = [_icon(f"desk/app-{size}.png", f"{size}x{size}", "any") for size in SIZES]
    content = {
        "id": "/",
        "name": "Threadline",
        "short_name": "Threadline",
        "description": _("One customer, one journey, every channel."),
        "start_url": reverse("queue"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [*icons, _icon("desk/app-maskable-512.png", "512x512", "maskable")],
        "shortcuts": [
            {"name": _("Queue"), "url": reverse("queue")},
            {"name": _("Notices"), "url": reverse("notices")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(path: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it may answer for every page; looked at anew by browsers each time."""
    found = finders.find(WORKER)
    if not isinstance(found, str):
        raise Http404
    with open(found, "rb") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser keeps for the time without a connection: the same for everybody, about nobody."""
    return render(request, "desk/offline.html")
