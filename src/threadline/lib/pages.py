"""What every page has in common: strict content rules, errors in words, and paging by key."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from threadline.lib.errors import ThreadlineError

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

# Nobody listens or looks unless a page is made for it; that page says so itself.
CLOSED = "camera=(), microphone=(), display-capture=(), geolocation=()"
LISTENS = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"


class ContentSecurity:
    """Only our own files run. A page that shows foreign content may set a narrower policy itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", CLOSED)
        return response


class PlainErrors:
    """A ThreadlineError that nobody caught is shown as the sentence it carries, with status 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ThreadlineError):
            return None
        return render(request, "desk/refused.html", {"error": str(error)}, status=422)
