"""Who asks."""

from django.http import HttpRequest

from threadline.accounts.models import Agent


def agent_of(request: HttpRequest) -> Agent:
    assert isinstance(request.user, Agent), "only signed-in agents come here"
    return request.user
