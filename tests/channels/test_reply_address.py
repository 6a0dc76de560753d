"""A reply address proves which thread is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.channels import reply_address
from threadline.lib.errors import ThreadlineError

SECRET = "a secret of the channel"
OURS = "support@harbourpine.example"
threads = st.integers(0, 2**63 - 1)


@given(threads)
def test_what_was_made_can_be_read(thread):
    assert reply_address.read(reply_address.make(OURS, thread, SECRET), SECRET) == thread


@given(threads)
def test_it_survives_programs_that_fold_the_case(thread):
    address = reply_address.make(OURS, thread, SECRET)

    assert address == address.lower()
    assert reply_address.read(address.upper(), SECRET) == thread


@given(threads)
def test_the_local_part_keeps_within_what_mail_allows(thread):
    assert len(reply_address.make("a" * 35 + "@example.com", thread, SECRET).partition("@")[0]) <= 64


@given(threads, st.integers(0, 300), st.characters(codec="ascii", categories=["Ll", "Nd"]))
def test_a_changed_character_breaks_the_seal(thread, place, char):
    address = reply_address.make(OURS, thread, SECRET)
    token = range(address.index("+t") + 2, address.index("@"))
    at = token[place % len(token)]
    forged = address[:at] + char + address[at + 1 :]

    assert reply_address.read(forged, SECRET) == (thread if forged == address else None)


@given(threads)
def test_the_seal_of_one_thread_does_not_fit_another(thread):
    mine, other = (reply_address.make(OURS, id, SECRET) for id in (thread, (thread + 1) % 2**63))
    number, seal = mine.partition("@")[0].partition("+t")[2].split(".")
    number_of_other = other.partition("+t")[2].partition(".")[0]

    assert number != number_of_other
    assert reply_address.read(f"support+t{number_of_other}.{seal}@harbourpine.example", SECRET) is None


@given(threads)
def test_another_secret_reads_nothing(thread):
    assert reply_address.read(reply_address.make(OURS, thread, SECRET), "another") is None


@given(st.text())
def test_no_text_upsets_reading(text):
    assert reply_address.read(text, SECRET) is None


def test_a_leading_zero_is_another_spelling_and_refused():
    address = reply_address.make(OURS, 5, SECRET)

    assert reply_address.read(address.replace("+t5.", "+t05."), SECRET) is None


@pytest.mark.parametrize(
    ("address", "thread", "secret", "says"),
    [
        ("support", 1, SECRET, "“support” is not an e-mail address"),
        ("@example.com", 1, SECRET, "not an e-mail address"),
        ("a" * 60 + "@example.com", 1, SECRET, "too long"),
        (OURS, -1, SECRET, "negative"),
        (OURS, 1, "", "no secret"),
    ],
)
def test_what_can_not_be_signed_is_refused_in_words(address, thread, secret, says):
    with pytest.raises(ThreadlineError, match=says):
        reply_address.make(address, thread, secret)


def test_the_plain_address_is_the_mailbox():
    assert reply_address.plain("Support+t1.abc@HarbourPine.example") == OURS
