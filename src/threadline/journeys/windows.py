"""Whether a channel still lets us answer: refused here, whatever the screen offered."""

from datetime import datetime

from threadline.accounts.models import Agent
from threadline.channels.models import Channel
from threadline.channels.windows import rule_of
from threadline.core.macros import says
from threadline.interactions.models import Interaction, Thread
from threadline.journeys.writing import Macro
from threadline.lib.errors import ThreadlineError


def check_open(channel: Channel, thread: Thread | None, text: str, *, by: Agent, at: datetime) -> None:
    """Raises ThreadlineError when nothing, or not this text, may go out that way then. At most three queries."""
    rule = rule_of(channel) and rule_of(channel, public=is_public(thread))
    if rule is None or rule.template or rule.ends(last_word(thread), at) > at:
        return
    name = channel.kind_name
    closed = f"They wrote over {name} more than {rule.hours} hours before: it is closed for free answers."
    if not rule.kept_texts:
        raise ThreadlineError(f"{closed} Answer another way.")
    if not says_what_is_kept(text, by):
        raise ThreadlineError(f"{closed} Choose a text kept ready (type /) and change only its places, or another way.")


def says_what_is_kept(text: str, agent: Agent) -> bool:
    """Whether this is one of the texts that the house keeps for everybody or a team, with its places filled."""
    kept = Macro.objects.visible_to(agent).standing().filter(owner=None).exclude(text="")
    return any(says(macro.text, text) for macro in kept.only("text"))


def is_public(thread: Thread | None) -> bool:
    return thread is not None and Interaction.objects.filter(thread=thread, public=True).exists()


def last_word(thread: Thread | None) -> datetime | None:
    """When the customer last said something there."""
    if thread is None:
        return None
    said = Interaction.objects.filter(thread=thread, direction="in", automatic="")
    return said.order_by("-at").values_list("at", flat=True).first()
