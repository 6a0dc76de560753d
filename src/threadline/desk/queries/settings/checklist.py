"""What stands between a fresh installation and the first answered customer, read from the data."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Team
from threadline.channels.adapters import can_send
from threadline.channels.models import Brand, Channel
from threadline.interactions.models import Delivery, Interaction


@dataclass(frozen=True, slots=True)
class Step:
    """`told` is what the data say; `act` and `action` lead to where it is done."""

    done: bool
    title: str
    told: str
    act: str
    action: str


def checklist() -> list[Step]:
    """Cost: seven queries."""
    brands = list(Brand.objects.order_by("pk").values_list("name", flat=True)[:3])
    on = list(Channel.objects.active().filter(trouble=""))
    colleagues = Agent.objects.filter(is_active=True).count() - 1
    return [_brand(brands), _channel(on), _way_out(on), _colleagues(colleagues), _teams(), _arrived(on), _answered()]


def left(steps: list[Step]) -> int:
    return sum(not step.done for step in steps)


def _brand(names: list[str]) -> Step:
    told = ", ".join(names) or _("Customers read it as the sender; every channel belongs to one.")
    return Step(bool(names), _("A brand has its name"), told, reverse("settings-brands"), _("Name a brand"))


def _channel(on: list[Channel]) -> Step:
    told = ", ".join(channel.address for channel in on[:3]) + (" …" if len(on) > 3 else "")
    words = told or _("An e-mail address, a telephone number, a chat: where customers reach you.")
    return Step(bool(on), _("A channel is on and well"), words, reverse("settings-channels"), _("Add a channel"))


def _way_out(on: list[Channel]) -> Step:
    able = [channel for channel in on if can_send(channel) and ways_out(channel)]
    told = able[0].address if able else _("Answers need a way out: for e-mail, your mail server (SMTP).")
    first = next((channel for channel in on if can_send(channel)), None)
    act = reverse("settings-channel", args=[first.pk]) if first else reverse("settings-channel-new", args=["email"])
    return Step(bool(able), _("Answers can go out"), told, act, _("Enter the mail server"))


def ways_out(channel: Channel) -> bool:
    return channel.kind != "email" or bool(channel.settings.get("smtp_host"))


def _colleagues(number: int) -> Step:
    told = _("%(n)d besides you") % {"n": number} if number > 0 else _("So far only you can sign in.")
    act = reverse("settings-person-new")
    return Step(number > 0, _("Colleagues can sign in"), told, act, _("Add a colleague"))


def _teams() -> Step:
    names = list(Team.objects.values_list("name", flat=True)[:4])
    told = ", ".join(names) or _("Teams share work; a restricted one keeps its stories to itself.")
    return Step(bool(names), _("People work in teams"), told, reverse("settings-teams"), _("Make a team"))


def _arrived(on: list[Channel]) -> Step:
    came = Interaction.objects.filter(direction="in").exists()
    mail = next((channel.address for channel in on if channel.kind == "email"), "")
    told = _("Customers have written.") if came else _("Nothing has come in yet.")
    if not came and mail:
        told = _("Write to %(address)s from an address of your own. It is in the queue within a minute.") % {
            "address": mail
        }
    return Step(came, _("A test message came in"), told, f"{reverse('queue')}?view=ours", _("Look at the queue"))


def _answered() -> Step:
    sent = Delivery.objects.filter(state__in=["sent", "delivered"]).order_by("-pk").first()
    told = _("An answer left this desk and was taken over by the other side.")
    if sent is None:
        told = _("Open the message in the queue, answer it, and look into your own mailbox.")
    return Step(
        sent is not None, _("A test message was answered"), told, f"{reverse('queue')}?view=ours", _("Answer it")
    )
