"""Another way: from public to private and back, and for what did not arrive. Words go into the draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.rights import Right
from threadline.core.fitness import Wording
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.siding import step_of
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.drafting import composer, written_in
from threadline.desk.views.story.found import journey_for, membership_for, refused
from threadline.interactions.actions.intake import clean
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER)
@require_POST
def take_side(request: HttpRequest, journey_id: int) -> HttpResponse:
    """`step` is `out`, `back`, or `private:` and a way. Nothing is sent; what stood in the box stays, behind it."""
    journey, agent, now = journey_for(request, journey_id), agent_of(request), timezone.now()
    page = StoryPage(journey, agent, now)
    words = page.side_words
    found = step_of(request.POST.get("step", ""), page.siding, words) if words else None
    if words is None or found is None:
        return refused(request, _("That step can not be taken any more. Look at the story again."))
    text, option = found
    rest = without_steps(written_in(request.POST).text, words)
    written = written_in(request.POST, text=f"{text}\n\n{rest}".strip(), way=option.key)
    try:
        actions.save_draft(journey=journey, written=written, by=agent, now=now)
    except ThreadlineError as error:
        return refused(request, str(error))
    return composer(request, journey, _("The words are in your draft: change them as you like, then send."))


@needs(Right.ANSWER)
@require_POST
def elsewhere(request: HttpRequest, touch_id: int) -> HttpResponse:
    """An answer that did not arrive goes another way: its words are in the draft, and the way is chosen."""
    membership = membership_for(request, touch_id)
    touch, way = get_object_or_404(Interaction, pk=touch_id), clean(request.POST.get("way", ""))
    try:
        actions.elsewhere(interaction=touch, way=way, by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        return refused(request, str(error))
    journey = journey_for(request, membership.journey_id)
    return composer(request, journey, _("Its words are in your draft, for another way. Look, then send."))


def without_steps(text: str, words: Wording) -> str:
    """What was written, without the words of another step: nobody wants both."""
    for step in (words.out, words.private, words.back):
        text = text.replace(step, "")
    return text.strip()
