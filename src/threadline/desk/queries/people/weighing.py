"""How the evidence about two people adds up, as a picture and as a list."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from threadline.core.identity.recognise import JOIN, SUGGEST
from threadline.core.picture.waterfall import Clue, signed, waterfall
from threadline.customers.models import IdentityLink


@dataclass(frozen=True, slots=True)
class Line:
    """One clue in the list that stands in for the picture on a phone. `part` is its share of the weightiest."""

    words: str
    bits: str
    against: bool
    part: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """`against` are the words of what speaks against."""

    picture: SafeString
    lines: list[Line]
    against: list[str]


def weighing(link: IdentityLink | None) -> Weighing | None:
    """None where nothing was written down: an agent decided, or the link is older than that."""
    evidence = link.decision.evidence if link else {}
    clues = [Clue(str(words), float(bits)) for _what, words, bits in evidence.get("by", ())]
    if link is None or not clues:
        return None
    start = Clue(_("Before looking"), float(evidence.get("start", 0.0)))
    total = _("In all %(bits)s bits: %(reason)s") % {"bits": signed(link.bits), "reason": link.decision.reason}
    drawn = waterfall(clues, start=start, asks=SUGGEST, joins=JOIN, words=total)
    most = max(abs(clue.bits) for clue in clues) or 1.0
    lines = [Line(clue.words, signed(clue.bits), clue.bits < 0, round(100 * abs(clue.bits) / most)) for clue in clues]
    return Weighing(mark_safe(drawn), lines, [clue.words for clue in clues if clue.bits <= -1.0])
