"""People seen mailbox by mailbox."""

import numpy as np
import pytest

from threadline.core.identity.linkage.between import beginnings, initials, of_mailboxes, spelled, within
from threadline.core.identity.linkage.learning import blended, chances
from threadline.core.identity.linkage.mailboxes import Mailboxes, delivered_to, mailboxes_of, widened

NAMES = ["Ana Kovač", "anak", "anak", "root", "root", "Ana Kovač"]
ADDRESSES = [
    "Ana.Kovac@gmail.com",
    "anakovac+work@googlemail.com",
    "12+anak@users.noreply.example.com",
    "root@localhost",
    "root@localhost",
    "ana.kovac@gmail.com",
]
CIRCLES = ["kettles", "kettles", "kettles", "kettles", "kettles", "lamps"]


def boxes() -> Mailboxes:
    return mailboxes_of(NAMES, ADDRESSES, CIRCLES)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("a.na+x@gmail.com", "ana@gmail.com"),
        ("ana@googlemail.com", "ana@gmail.com"),
        ("a.na@example.com", "a.na@example.com"),
        ("12+anak@example.com", "anak@example.com"),
        ("root@localhost", ""),
        ("root@localhost.", ""),
        ("no address", ""),
    ],
)
def test_an_address_leads_to_one_mailbox_however_it_is_written(address: str, mailbox: str) -> None:
    assert delivered_to(address) == mailbox


def test_records_share_a_real_mailbox_inside_their_circle_and_never_one_at_no_domain() -> None:
    of = boxes().of.tolist()

    assert of[0] == of[1]
    assert len(set(of)) == 5


def test_what_programs_write_for_a_name_is_no_name() -> None:
    assert boxes().each[int(boxes().of[3])].names == set()


def test_a_pair_of_one_mailbox_brings_the_whole_mailbox_along() -> None:
    found = widened(np.empty((0, 2), dtype=np.int64), boxes()).tolist()

    assert found == [[0, 1], [0, 2], [1, 2]]


def test_a_name_once_used_with_an_address_speaks_for_all_its_records() -> None:
    numbers, names = of_mailboxes(boxes(), np.array([[0, 2], [1, 2], [2, 3]]))

    shared = names.index("name shared")
    assert numbers[0, shared] == numbers[1, shared] > numbers[2, shared] == 0
    assert np.isnan(numbers[2, names.index("names' words")])


@pytest.mark.parametrize(
    ("name", "handle", "share"), [("ana kovac", "akovac", 1.0), ("ana kovac", "kovaca7", 1.0), ("bo", "ana", 0.0)]
)
def test_a_handle_is_spelled_by_words_and_initials_of_the_name(name: str, handle: str, share: float) -> None:
    assert spelled(name, handle) == share


def test_initials_and_handles_inside_others() -> None:
    assert initials("ana maria kovac", "amk80") == initials("ana maria kovac", "ak") == 1.0
    assert initials("ana", "a") == 0.0
    assert within("anak", "thisisanak") == 4.4
    assert within("ana", "anak") == 0.0


def test_two_classifiers_are_surer_where_both_are() -> None:
    numbers = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    numbers[::7, 2] = np.nan

    found = chances(blended(numbers, numbers[:, 0] > 0), numbers)

    assert found[numbers[:, 0] > 0.5].min() > 0.5 > found[numbers[:, 0] < -0.5].max()


def test_a_handle_may_begin_like_two_names() -> None:
    assert beginnings("ana maria kovac", "anakov3") == 3.0
    assert beginnings("ana kovac", "akov") == beginnings("ana kovac", "kovaca") == 1.0
    assert beginnings("ana kovac", "lamp") == beginnings("ana", "anaana") == 0.0


def test_a_name_of_one_word_may_be_the_handle_that_a_full_name_makes() -> None:
    found = mailboxes_of(["Ana Kovač", "akovac"], ["", ""], ["kettles", "kettles"])

    numbers, names = of_mailboxes(found, np.array([[0, 1]]))

    assert numbers[0, names.index("handle made of the name")] > 0
