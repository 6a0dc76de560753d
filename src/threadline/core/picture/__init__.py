"""The thread picture: touches in, SVG and words out. Pure; colour comes from the page's classes alone."""

from threadline.core.picture.beads import Bead, Beads, beads
from threadline.core.picture.story import Likely, PictureTouch, Promise, Story, Turn
from threadline.core.picture.tall import tall
from threadline.core.picture.waits import Wait, longest, waits
from threadline.core.picture.wide import Preview, small, wide
from threadline.core.picture.words import words

__all__ = [
    "Bead",
    "Beads",
    "Likely",
    "PictureTouch",
    "Preview",
    "Promise",
    "Story",
    "Turn",
    "Wait",
    "beads",
    "longest",
    "small",
    "tall",
    "waits",
    "wide",
    "words",
]
