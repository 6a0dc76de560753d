"""What joins besides equal handles: names of profiles, mails passed on, numbers written otherwise, and hindsight."""

from tests.core.engines import Desk, claimed, observed, touch, verified
from threadline.core.touch import Direction

ANA = observed("email", "ana@example.com")
VISITOR = observed("visitor", "v9")


def test_a_claim_is_confirmed_once_both_speak_of_the_same_matter() -> None:
    desk = Desk()
    first, _ = desk.receive(touch(1, "Hello, a question", handles=(ANA,), name="Ana Kovač"))
    form = (VISITOR, claimed("email", "ana@example.com"))
    chat, _ = desk.receive(
        touch(2, "My samovar sprays boiling water", kind="chat", handles=form, name="Ana Kovač", hours=1)
    )

    mail, _ = desk.receive(touch(3, "As I said in the chat: the samovar sprays boiling water", handles=(ANA,), hours=2))

    assert chat.merges == ()
    assert [(merge.loser, merge.survivor) for merge in mail.merges] == [(2, 1)]
    assert first.customer == desk.people.survivor(2)
    assert "same matter" in mail.merges[0].reason


def test_a_claim_stays_a_suggestion_when_nothing_else_is_learned() -> None:
    desk = Desk()
    desk.receive(touch(1, "Hello, a question", handles=(ANA,), name="Ana Kovač"))
    form = (VISITOR, claimed("email", "ana@example.com"))
    desk.receive(touch(2, "My samovar sprays boiling water", kind="chat", handles=form, name="Ana Kovač", hours=1))

    mail, _ = desk.receive(touch(3, "Where is my parcel?", handles=(ANA,), hours=2))

    assert mail.merges == ()
    assert desk.people.maybe(1).keys() == {2}


def test_those_kept_apart_are_not_confirmed_in_hindsight() -> None:
    desk = Desk()
    desk.receive(touch(1, "Hello, a question", handles=(ANA,), name="Ana Kovač"))
    form = (VISITOR, claimed("email", "ana@example.com"))
    desk.receive(touch(2, "My samovar sprays boiling water", kind="chat", handles=form, name="Ana Kovač", hours=1))
    desk.people.persons[1].apart |= {2}

    mail, _ = desk.receive(touch(3, "The samovar sprays boiling water", handles=(ANA,), hours=2))

    assert mail.merges == ()


def test_every_merge_says_what_it_rests_on() -> None:
    desk = Desk()
    desk.receive(touch(1, "It leaks", handles=(ANA,), name="Ana Kovač"))
    desk.receive(touch(2, "Hello", kind="x", handles=(observed("x", "teapot7"),), hours=1))

    told, _ = desk.receive(touch(3, "It still leaks. I am @teapot7 on Twitter.", handles=(ANA,), hours=2))

    (merge,) = told.merges
    assert sum(clue.bits for clue in merge.by) == merge.bits
    assert {clue.what for clue in merge.by} >= {"x", "time"}
    assert all(clue.says for clue in merge.by)


def test_the_name_of_a_facebook_profile_is_recognised_when_its_owner_tells_it() -> None:
    desk = Desk()
    profile = observed("facebook", "5200000000001")
    desk.receive(touch(1, "It leaks", kind="facebook", handles=(profile,), name="Ana Kovač"))

    mail, _ = desk.receive(
        touch(2, "It leaks. My Facebook name is Ana Kovač.", handles=(ANA,), name="A. Kovač", hours=1)
    )

    assert desk.people.survivor(1) == desk.people.survivor(mail.customer or 0)


def test_two_profiles_of_one_name_are_not_one_person() -> None:
    desk = Desk()
    desk.receive(touch(1, "It leaks", kind="facebook", handles=(observed("facebook", "51"),), name="Ana Kovač"))

    other, _ = desk.receive(
        touch(2, "It leaks", kind="facebook", handles=(observed("facebook", "52"),), name="Ana Kovač")
    )

    assert (other.customer, other.merges) == (2, ())


def test_a_mail_passed_on_from_another_mailbox_of_the_same_name_joins() -> None:
    desk = Desk()
    desk.receive(touch(1, "It leaks", handles=(ANA,), name="Ana Kovač"))
    passed_on = {"forwarded_from": ["ana@example.com"]}

    other = touch(
        2, "See below", handles=(observed("email", "kovac@example.org"),), name="Ana Kovač", attributes=passed_on
    )
    second, _ = desk.receive(other)

    assert second.customer == 1


def test_a_number_from_abroad_written_as_at_home_is_the_same_number() -> None:
    desk = Desk()
    at_home = observed("tel", "+44664817892")  # what becomes of the Spanish 664 817 892 here
    desk.receive(touch(1, kind="purchase", direction=Direction.EVENT, handles=(at_home,), name="Ana Cortez"))

    abroad, _ = desk.receive(
        touch(2, "It leaks", kind="whatsapp", handles=(observed("tel", "+34664817892"),), name="Ana Cortez")
    )

    assert desk.people.survivor(1) == desk.people.survivor(abroad.customer or 0)


def test_who_signs_in_later_on_a_shared_screen_is_somebody_else_than_who_chatted() -> None:
    desk = Desk()
    desk.receive(touch(1, "It leaks", kind="chat", handles=(VISITOR,), name="Lorna"))

    signed_in, _ = desk.receive(
        touch(2, kind="web", handles=(verified("login", "damian@example.com"), VISITOR), hours=500)
    )

    assert signed_in.customer == 2
    assert signed_in.merges == ()


def test_an_initial_does_not_make_two_of_a_household_one() -> None:
    desk = Desk()
    desk.receive(touch(1, "Caller O Casper, AB1 2CD. Late.", kind="phone", handles=(observed("tel", "+447700900101"),)))
    desk.receive(touch(2, "Caller Orla Casper, AB1 2CD.", kind="phone", handles=(observed("tel", "+447700900101"),)))

    other, _ = desk.receive(
        touch(3, "Caller Oskar Casper, AB1 2CD.", kind="phone", handles=(observed("tel", "+447700900202"),))
    )

    assert other.customer == 3
    assert other.merges == ()
