"""Finding the people in a table: candidates, agreement, and clusters that hold together."""

import numpy as np
import pytest

from threadline.core.identity.linkage import Kind, candidates, clusters, features, one_to_one, table_of
from threadline.core.identity.linkage.columns import kind_of
from threadline.core.identity.linkage.sounds import sound

ROWS = [
    {"given_name": "Ana", "surname": "Kovač", "dob": "1980-03-02", "email": "ana.kovac@example.com"},
    {"given_name": "Anna", "surname": "Kovac", "dob": "1980-03-02", "email": "akovac@example.org"},
    {"given_name": "Bo", "surname": "Lindqvist", "dob": "1975-11-30", "email": "bo@localhost"},
    {"given_name": "Cy", "surname": "Abara", "dob": "1990-01-01", "email": "root@localhost"},
]
CHAIN = np.array([[0, 1], [1, 2], [2, 3]])


def test_the_name_of_a_column_tells_what_it_holds() -> None:
    names = {
        "given_name": Kind.GIVEN,
        "surname": Kind.FAMILY,
        "date_of_birth": Kind.DATE,
        "postcode_fake": Kind.POSTCODE,
    }

    assert {name: kind_of(name) for name in names} == names
    assert kind_of("first_and_surname") is None


def test_an_address_at_no_real_domain_counts_as_none() -> None:
    table = table_of(ROWS)

    assert list(table.columns["email"]) == ["ana.kovac@example.com", "akovac@example.org", "", ""]


def test_pairs_that_share_a_value_are_candidates_and_others_are_not() -> None:
    pairs = candidates(table_of(ROWS)).tolist()

    assert [0, 1] in pairs
    assert [2, 3] not in pairs


def test_agreement_is_told_for_each_pair() -> None:
    table = table_of(ROWS)

    numbers, names = features(table, np.array([[0, 1], [0, 2]]))

    assert numbers.shape == (2, len(names))
    alike = names.index("surname jaro-winkler")
    assert numbers[0, alike] > numbers[1, alike]


def test_no_chain_goes_through_a_weak_link() -> None:
    strong, weak, strong_again = 0.95, 0.4, 0.95

    found = clusters(4, CHAIN, np.array([strong, weak, strong_again]), least=0.35)

    assert found[0] == found[1]
    assert found[2] == found[3]
    assert found[0] != found[2]


def test_a_full_circle_of_middling_links_is_one_person() -> None:
    pairs = np.array([[0, 1], [1, 2], [0, 2]])

    assert len(set(clusters(3, pairs, np.array([0.6, 0.6, 0.6])))) == 1


def test_those_kept_apart_are_never_joined_whatever_speaks_for_it() -> None:
    pairs = np.array([[0, 1], [1, 2], [0, 2]])

    found = clusters(3, pairs, np.array([1.0, 1.0, 1.0]), apart=[(0, 2)])

    assert found[0] != found[2]


def test_linking_file_to_file_gives_each_one_partner_at_most() -> None:
    found = one_to_one(4, np.array([[0, 2], [0, 3], [1, 3]]), np.array([0.9, 0.95, 0.8]))

    assert found[0] == found[3]
    assert found[1] == 1
    assert found[2] == 2


@pytest.mark.parametrize(("one", "other"), [("robert", "rupert"), ("ashcraft", "ashcroft"), ("tymczak", "timczak")])
def test_names_that_sound_alike_have_one_code(one: str, other: str) -> None:
    assert sound(one) == sound(other)
