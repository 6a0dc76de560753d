"""Who is it? Handles recognise, evidence joins, claims suggest. Ana, Bo and Cy are invented."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import Desk, claimed, observed, touch, verified
from threadline.core.identity import recognise
from threadline.core.touch import Direction, Handle, Level
from threadline.core.understanding import understand

ANA = observed("email", "ana@example.com")
MOBILE = observed("tel", "+447700900123")
LANDLINE = observed("tel", "+441632960123")


def test_the_same_address_is_the_same_customer_whatever_its_plus_tag():
    desk = Desk()
    first, _ = desk.receive(touch(1, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))

    second, _ = desk.receive(touch(2, "Any news?", handles=(observed("email", "Ana+shop@Example.com"),)))

    assert (first.customer, second.customer) == (1, 1)
    assert first.is_new
    assert not second.is_new
    assert "address" in second.decision.reason


def test_an_order_number_that_only_ana_has_joins_her_tweet_to_her():
    desk = Desk()
    bought = (ANA, observed("order", "4711009"))
    desk.receive(touch(1, "kettle", kind="purchase", direction=Direction.EVENT, handles=bought, name="Ana Kovač"))

    tweet, _ = desk.receive(touch(2, "order 4711009 leaks!", kind="x", public=True, handles=(observed("x", "ana_k"),)))

    assert tweet.customer == 1


def test_a_number_under_a_letter_ties_the_letter_to_the_earlier_call_of_the_same_name():
    desk = Desk()
    desk.receive(touch(1, "Caller Ana Kovač. Kettle leaks.", kind="phone", handles=(MOBILE,)))
    letter = touch(2, "My kettle leaks.", signature="Ana Kovač\n07700 900123", handles=(ANA,), name="Ana Kovač")

    assert desk.receive(letter)[0].customer == 1


def test_a_later_proof_joins_two_customers_and_the_older_id_survives():
    desk = Desk()
    desk.receive(touch(1, "kettle leaks", kind="x", handles=(observed("x", "ana_k"),), name="Ana Kovač"))
    desk.receive(touch(2, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))

    proof, _ = desk.receive(touch(3, "I am @ana_k on Twitter", handles=(ANA,), name="Ana Kovač"))

    assert [(merge.loser, merge.survivor) for merge in proof.merges] == [(2, 1)]
    assert desk.people.survivor(2) == 1


@pytest.mark.parametrize("kind", ["chat", "web"])
def test_an_address_typed_into_a_form_never_joins_and_is_suggested_at_most(kind: str):
    desk = Desk()
    desk.receive(touch(1, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))

    form = (observed("visitor", "v9"), claimed("email", "ana@example.com"))
    stranger, _ = desk.receive(touch(2, "hello", kind=kind, handles=form, name="Ana Kovač"))

    assert stranger.customer == 2
    assert stranger.merges == ()


def test_a_said_address_of_somebody_with_another_name_does_not_join():
    desk = Desk()
    desk.receive(touch(1, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))

    call, _ = desk.receive(
        touch(2, "Caller Bo Lindqvist. My e-mail is ana@example.com", kind="phone", handles=(MOBILE,))
    )

    assert call.customer == 2
    assert call.merges == ()


def test_several_claims_of_one_side_do_not_add_up():
    desk = Desk()
    desk.receive(touch(1, "My kettle leaks", handles=(ANA, MOBILE)))

    text = "my e-mail is ana@example.com and my number is 07700 900123"
    stranger, _ = desk.receive(touch(2, text, kind="chat", handles=(observed("visitor", "v9"),)))

    assert stranger.customer == 2


def test_a_switchboard_tells_its_callers_apart_by_name():
    desk = Desk()
    ana, _ = desk.receive(touch(1, "Caller Ana Kovač. Kettle leaks.", kind="phone", handles=(LANDLINE,)))
    bo, _ = desk.receive(touch(2, "Caller Bo Lindqvist. Invoice is wrong.", kind="phone", handles=(LANDLINE,)))
    again, _ = desk.receive(touch(3, "Caller Ana Kovač. Still leaks.", kind="phone", handles=(LANDLINE,)))

    assert (ana.customer, bo.customer, again.customer) == (1, 2, 1)
    assert bo.now_shared == (LANDLINE.key,)
    assert bo.new_identities[0].shared
    assert bo.new_identities[0].level == Level.CLAIMED


def test_a_family_tablet_does_not_join_two_who_signed_in_on_it():
    desk = Desk()
    tablet = observed("visitor", "v1")
    ana, _ = desk.receive(touch(1, kind="web", handles=(verified("login", "ana@example.com"), tablet)))
    bo, _ = desk.receive(touch(2, kind="web", handles=(verified("login", "bo@example.com"), tablet)))

    assert (ana.customer, bo.customer) == (1, 2)


def test_pages_seen_before_signing_in_belong_to_who_signs_in():
    desk = Desk()
    desk.receive(touch(1, kind="web", direction=Direction.EVENT, handles=(observed("visitor", "v1"),)))

    signed_in, _ = desk.receive(
        touch(2, kind="web", handles=(verified("login", "ana@example.com"), observed("visitor", "v1")))
    )

    assert desk.customer(signed_in) == 1


def test_the_same_name_alone_never_joins():
    desk = Desk()
    desk.receive(touch(1, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))

    other, _ = desk.receive(
        touch(2, "My kettle leaks", handles=(observed("email", "k@example.org"),), name="Ana Kovač")
    )

    assert other.customer == 2


def test_a_withheld_number_with_name_and_postcode_is_recognised():
    desk = Desk()
    desk.receive(touch(1, "Caller Ana Kovač, NE1 4AB. Kettle leaks.", kind="phone", handles=(MOBILE,)))

    withheld, _ = desk.receive(touch(2, "Caller Ana Kovac, NE1 4AB. Any news?", kind="phone"))

    assert withheld.customer == 1


def test_those_whom_a_human_kept_apart_stay_apart():
    desk = Desk()
    desk.receive(touch(1, "kettle leaks", kind="x", handles=(observed("x", "ana_k"),), name="Ana Kovač"))
    desk.receive(touch(2, "My kettle leaks", handles=(ANA,), name="Ana Kovač"))
    desk.people.persons[1] = replace(desk.people.person(1), apart=frozenset({2}))

    proof, _ = desk.receive(touch(3, "I am @ana_k on Twitter", handles=(ANA,), name="Ana Kovač"))

    assert (proof.customer, proof.merges, proof.suggestions) == (2, (), ())


def test_noise_from_an_unknown_sender_is_nobody():
    spam = touch(1, "Cheap followers, link in bio", kind="x", handles=(observed("x", "bot"),))

    assert Desk().receive(spam)[0].customer is None


HANDLES = st.lists(
    st.sampled_from(
        [ANA, MOBILE, observed("x", "ana_k"), observed("order", "4711009"), verified("account", "330912847")]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(HANDLES, st.randoms(use_true_random=False))
def test_who_it_is_does_not_depend_on_the_order_of_the_handles(handles: list[Handle], random: object):
    desk = Desk()
    desk.receive(touch(1, "hello there", handles=(ANA, observed("order", "4711009"))))
    desk.receive(touch(2, "hello there", handles=(MOBILE,)))
    mixed = sorted(handles, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = touch(3, "hello there", handles=tuple(handles)), touch(3, "hello there", handles=tuple(mixed))

    first = recognise(one, understand(one), desk.people)
    second = recognise(other, understand(other), desk.people)

    assert first.customer == second.customer
    assert set(first.merges) == set(second.merges)


@given(HANDLES)
def test_recognising_the_same_again_changes_nothing(handles: list[Handle]):
    desk = Desk()
    item = touch(1, "hello there", handles=tuple(handles))
    desk.receive(item)

    again, _ = desk.receive(replace(item, id=2))

    assert again.customer == 1
    assert (again.new_identities, again.raised, again.merges) == ((), (), ())


@given(st.sampled_from(["ana@example.com", "07700 900123"]), st.sampled_from(["", "Bo Lindqvist", "Cy"]), st.booleans())
def test_a_claim_never_joins_by_itself(claim: str, name: str, recently: bool):
    desk = Desk()
    desk.receive(touch(1, "My kettle leaks", handles=(ANA, MOBILE), name="Ana Kovač"))
    told = touch(
        2,
        f"My contact is {claim}, thanks",
        hours=1 if recently else 2000,
        kind="chat",
        handles=(observed("visitor", "v9"),),
        name=name,
    )

    recognition, _ = desk.receive(told)

    assert recognition.customer == 2
    assert recognition.merges == ()


def forged(number: int, text: str, **more):
    """A mail in Ana's name that failed the check of its sender."""
    claim = (Handle("email", "ana@example.com", Level.CLAIMED),)
    return touch(number, text, handles=claim, attributes={"sender_check": {"verdict": "fail"}}, **more)


def test_a_forged_mail_joins_nobody_whatever_it_knows_of_them():
    desk = Desk()
    bought = (ANA, observed("order", "4711009"))
    desk.receive(touch(1, "Tern kettle", kind="purchase", direction=Direction.EVENT, handles=bought, name="Ana Kovač"))
    desk.receive(touch(2, "My kettle order 4711009 leaks", handles=(ANA,), name="Ana Kovač"))

    fake, _ = desk.receive(forged(3, "My kettle order 4711009 leaks, Ana Kovač, 07700 900123", name="Ana Kovač"))
    again, _ = desk.receive(forged(4, "My kettle order 4711009 leaks", name="Ana Kovač"))
    genuine, _ = desk.receive(touch(5, "Any news of my kettle, order 4711009?", handles=(ANA,), name="Ana Kovač"))

    assert (fake.customer, again.customer, genuine.customer) == (3, 4, 1)
    assert fake.merges == again.merges == genuine.merges == ()
    assert [each.other for each in fake.suggestions] == [1]
    assert any("failed the check" in clue.says for clue in fake.suggestions[0].by)
