"""What the frame around every page needs to know."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Theme and density are cookies, so that the first paint is already right."""
    return {
        "theme": request.COOKIES.get("theme") if request.COOKIES.get("theme") in ("light", "dark") else "",
        "density": "compact" if request.COOKIES.get("density") == "compact" else "",
    }
