"""Where a key leads. Whatever is pressed, or nothing, a person comes next or one key later.

Nobody is made to listen again because they pressed nothing, and a wrong key is no reason to be kept: both lead to a
person. While we are closed, a person calls back instead, by a moment that is said.
"""

from enum import StrEnum

from threadline.core.phone.line import PERSON, Does, Key, Line


class Step(StrEnum):
    """What is heard next."""

    MENU = "menu"
    TEXT = "text"
    STATUS = "status"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    PERSON = "person"


LEADS = {
    Does.STATUS: Step.STATUS,
    Does.CALLBACK: Step.CALLBACK,
    Does.VOICEMAIL: Step.VOICEMAIL,
    Does.TEAM: Step.PERSON,
    Does.TEXT: Step.TEXT,
}


def after(digits: str, line: Line, *, is_open: bool) -> tuple[Step, Key | None]:
    """What comes after a key in the menu, or after none, and the key as far as it has one."""
    key = line.key(digits)
    step = LEADS[key.does] if key else Step.PERSON
    if step == Step.PERSON and not is_open:
        step = Step.CALLBACK
    return step, key


def heard(line: Line, *, is_open: bool, knows: bool) -> list[Key]:
    """The keys that are offered, in their order. How a story stands is offered only to whom it may be said.

    While nobody is here no team is offered: 0 and callback then lead to the same promise.
    """
    hidden = {*(() if knows else (Does.STATUS,)), *(() if is_open else (Does.TEAM,))}
    return sorted((key for key in line.keys if key.does not in hidden), key=lambda key: key.digit)


__all__ = ["PERSON", "Step", "after", "heard"]
