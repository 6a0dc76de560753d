"""How Django asks who signed in."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from threadline.accounts.models import Agent
from threadline.lib.prepared import prepared


class Backend(ModelBackend):
    """Django's own. Every page asks it who is there, so that query is prepared."""

    def get_user(self, user_id: int) -> Agent | None:
        found = next(iter(_agent(user_id)), None)
        return found if found is not None and self.user_can_authenticate(found) else None


@prepared
def _agent(number: int) -> QuerySet[Agent]:
    return Agent.objects.filter(pk=number)
