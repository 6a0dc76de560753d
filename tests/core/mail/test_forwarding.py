"""Who wrote the mail that is passed on."""

import pytest

from threadline.core.mail import forwarded_from

BLOCK = "---------- Forwarded message ---------\nFrom: Ana Kovač <ana@example.com>\nSubject: Kettle\n\nIt leaks."


@pytest.mark.parametrize("subject", ["Fwd: Kettle", "FW: Kettle", "WG: Kettle", "Tr : Kettle"])
def test_a_forwarded_mail_names_its_first_writer(subject: str) -> None:
    assert forwarded_from(subject, [BLOCK]) == ["ana@example.com"]


def test_other_languages_say_it_otherwise() -> None:
    assert forwarded_from("WG: Kessel", ["Von: Ana Kovač <ana@example.com>\nAn: bo@example.org"]) == ["ana@example.com"]


def test_an_answer_forwards_nothing() -> None:
    assert forwarded_from("Re: Kettle", [BLOCK]) == []
    assert forwarded_from("Forward planning", [BLOCK]) == []
