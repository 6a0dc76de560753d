"""Answering an invitation: an answer like any other, with a calendar object that their program understands."""

from datetime import datetime

from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.core import mail
from threadline.core.mail.invitations import ANSWERS, answered
from threadline.interactions.models import IntakeEntry, Interaction, Upload
from threadline.journeys.actions.reply import Enclosed, Way, reply
from threadline.journeys.actions.structure import home_of
from threadline.lib.errors import ThreadlineError


def answer_invitation(*, interaction: Interaction, answer: str, by: Agent, now: datetime) -> Interaction:
    """Accept, decline or take it as likely, in the thread that it came in.

    Raises:
        ThreadlineError: it holds no invitation, or the answer is none of the three.
    """
    told = interaction.attributes.get("invitation")
    if not isinstance(told, dict) or told.get("method") != "REQUEST":
        raise ThreadlineError(_("This mail asks for no answer in a calendar. Answer it with words."))
    chosen = next((each for each in ANSWERS if each == answer.upper()), None)
    if chosen is None:
        raise ThreadlineError(_("Choose one: accept, perhaps or decline."))
    raw, channel, thread = IntakeEntry.objects.get(pk=interaction.pk).raw, interaction.channel, interaction.thread
    ours = [str(interaction.attributes.get("to") or channel.address), channel.address]
    try:
        data = answered(
            mail.file_bytes(bytes(raw or b""), int(told["part"])),
            by=ours,
            answer=chosen,
            name=channel.name or by.name,
            now=now,
        )
    except ValueError as error:
        raise ThreadlineError(str(error)) from error
    file = Upload.objects.create(
        name="answer.ics", content_type="text/calendar", size=len(data), data=data, by=by, at=now
    )
    words = {
        "ACCEPTED": _("Accepted: %(what)s"),
        "TENTATIVE": _("Perhaps: %(what)s"),
        "DECLINED": _("Declined: %(what)s"),
    }
    text = words[chosen] % {"what": told.get("what") or _("your invitation")}
    way = Way(thread.channel, thread.reply_address, thread)
    enclosed = Enclosed(files=[file], plain=True)
    return reply(journey=home_of(interaction), text=text, way=way, by=by, now=now, enclosed=enclosed)
