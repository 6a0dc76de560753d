"""The contract: what every adapter promises, tried on each of them against its stand-in. A new one joins by itself."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.providers.kit import Fake
from tests.providers.registry import BY_THEMSELVES, fakes
from threadline.channels.adapters import adapters
from threadline.channels.contract import (
    Adapter,
    Broken,
    Enclosure,
    Hook,
    Inbound,
    Misconfigured,
    Outbound,
    Piece,
    Raw,
    Refused,
    Rejected,
    Report,
    Unavailable,
)
from threadline.channels.house import HOUSE
from threadline.core.touch import Direction

NAMES = [name for name in adapters() if name not in BY_THEMSELVES]
NOW = datetime.now(UTC)


def those(may: Callable[[type[Fake]], object]) -> pytest.MarkDecorator:
    """Tried on every adapter that promises it; one without a stand-in is tried, and fails."""
    return pytest.mark.parametrize("fake", [n for n in NAMES if n not in fakes() or may(fakes()[n])], indirect=True)


each = those(lambda _: True)
hooked = those(lambda fake: fake.adapter.hooked)
sending = those(lambda fake: fake.adapter.sends())


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    assert request.param in fakes(), f"{request.param} has no stand-in in tests/providers. Write one: see kit.py."
    with fakes()[request.param]().running() as fake:
        yield fake
        assert fake.wrong == []


def message(fake: Fake, text: str = "It is on its way.", **more: object) -> Outbound:
    return Outbound(key="41", to=fake.person, text=text, reply_address="", message_id="41@desk", **more)  # type: ignore[arg-type]


def read(fake: Fake, hook: Hook) -> list[Inbound | Report]:
    """As the door and the pipeline do: verified with the secrets, parsed without them; or looked at."""
    if fake.adapter.hooked:
        fake.connector().verify(hook)
        pieces = fake.connector().split(hook)
    else:
        pieces = fake.connector().fetch(fake.begun).pieces
    return [item for piece in pieces for item in fake.connector(secrets=False).parse(raw(piece))]


def raw(piece: Piece) -> Raw:
    return Raw(body=piece.body, headers=piece.headers, received_at=NOW)


# ---- what it says of itself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(adapters()))
def test_an_adapter_says_what_people_and_screens_need_to_know(name: str):
    adapter = adapters()[name]

    assert adapter.kind.isidentifier()
    assert adapter.provider or adapter.kind not in HOUSE or name in BY_THEMSELVES, "say who carries this kind"
    assert adapter.events, "say which events its provider documents, and what becomes of each"
    assert adapter.scheme, "say the scheme of the handles that it writes to"
    assert adapter.__doc__
    known = [setting.name for group in adapter.form for setting in group.settings]
    assert len(known) == len(set(known))
    for group in adapter.form:
        for setting in group.settings:
            assert setting.label
            secret = any(word in setting.name for word in ("password", "secret", "token"))
            assert secret <= (setting.kind == "secret"), f"{setting.name} must be sealed"


@each
def test_every_documented_event_is_a_touch_a_report_or_refused_by_name(fake: Fake):
    examples = fake.examples()

    assert set(examples) == {name for name, becomes in fake.adapter.events.items() if becomes != "handshake"}
    for name, piece in examples.items():
        becomes = fake.adapter.events[name]
        if becomes in ("touch", "report"):
            (item,) = fake.connector(secrets=False).parse(raw(piece))
            assert isinstance(item, Report) == (becomes == "report"), name
            assert item.once_key, name
            assert item.at.tzinfo, name
        else:
            with pytest.raises(Refused, match=f"“{name}”"):
                fake.connector(secrets=False).parse(raw(piece))


# ---- coming in -----------------------------------------------------------------------------------------------------


@hooked
def test_what_somebody_says_arrives_with_who_when_and_where_answers_go(fake: Fake):
    now = datetime.now(UTC)
    said_at = now - timedelta(minutes=3)

    (item,) = read(fake, fake.said("The kettle leaks 🫖", number=1, at=said_at))

    assert isinstance(item, Inbound)
    assert (item.kind, item.direction, item.text) == (fake.adapter.kind, Direction.IN, "The kettle leaks 🫖")
    assert abs(item.at - said_at) <= timedelta(seconds=1) or abs(item.at - now) < timedelta(minutes=1)
    assert item.handles[0].scheme == fake.adapter.scheme
    assert (item.reply_address or item.handles[0].value) == fake.person
    assert item.thread_key
    assert item.external_id


@hooked
def test_the_same_item_has_the_same_key_and_two_items_have_two(fake: Fake):
    (first,) = read(fake, fake.said("One", number=1))
    (again,) = read(fake, fake.said("One", number=1))
    (other,) = read(fake, fake.said("One", number=2))

    assert first.once_key == again.once_key != other.once_key
    assert isinstance(first, Inbound)
    assert isinstance(other, Inbound)
    assert first.thread_key == other.thread_key


@hooked
def test_a_changed_body_and_a_missing_signature_are_refused(fake: Fake):
    good = fake.said("The kettle leaks.", number=1)
    unsigned = dataclasses.replace(good, headers={"content-type": good.headers["content-type"]}, query={})

    fake.connector().verify(good)

    with pytest.raises(Refused):
        fake.connector().verify(unsigned)
    with pytest.raises(Refused):
        fake.connector().verify(forged(good))
    if fake.signs_body:
        with pytest.raises(Refused):
            fake.connector().verify(dataclasses.replace(good, body=good.body.replace(b"kettle", b"castle")))


def forged(hook: Hook) -> Hook:
    """Signed by somebody who does not know the secret: every value that is no type or number is another one."""
    kept = ("content-type", "webhook-id", "webhook-timestamp", "x-slack-request-timestamp")
    return dataclasses.replace(
        hook, headers={name: value if name in kept else backwards(value) for name, value in hook.headers.items()}
    )


def backwards(value: str) -> str:
    value = value.rstrip("=")  # the end of base64
    head, sign, tail = value.rpartition("=") if "=" in value[:-2] else ("", "", value)
    return f"{head}{sign}{tail[::-1]}"


@each
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": 1}', b"a=1", b"{" * 5000])
def test_nonsense_is_kept_and_said_to_be_broken(fake: Fake, body: bytes):
    pieces = fake.connector().split(fake.hook(body)) if fake.adapter.hooked else [Piece(body)]

    for piece in pieces:
        with pytest.raises(Broken):
            fake.connector(secrets=False).parse(raw(piece))


@those(lambda fake: fake.has_media)
def test_files_are_fetched_from_the_provider(fake: Fake):
    assert fake.connector().media(fake.has_media) == b"a photo"


# ---- going out -----------------------------------------------------------------------------------------------------


@sending
def test_a_message_arrives_as_written_where_it_should(fake: Fake):
    number = fake.connector().send(message(fake, "It is on its way ✓"))

    (sent,) = fake.sent
    assert number.endswith(sent.id)
    assert (sent.to, sent.text) == (fake.person, "It is on its way ✓")


@those(lambda fake: fake.adapter.sends() and fake.adapter.limits.encloses)
def test_files_go_along_where_the_limits_say_so(fake: Fake):
    kind = next(iter(fake.adapter.limits.file_types), "application/pdf")
    file = Enclosure("receipt.pdf", kind, b"%PDF-1.7 receipt", url="https://desk.example.com/in/files/x")

    fake.connector().send(message(fake, "Your receipt.", files=(file,)))

    assert len(fake.sent[0].files) == 1


@sending
def test_the_four_failures_are_told_apart(fake: Fake):
    expected: list[tuple[str, type[Exception]]] = [
        ("500", Unavailable),
        ("429", Unavailable),
        ("expired", Misconfigured),
        ("reject", Rejected),
    ]

    for how, failure in expected:
        fake.misbehave(how)
        with pytest.raises(failure) as caught:
            fake.connector().send(message(fake))
        assert str(caught.value).endswith((".", "!")), str(caught.value)
        assert not any(secret in str(caught.value) for secret in fake.secrets.values())
        if how == "429":
            assert isinstance(caught.value, Unavailable)
            assert caught.value.retry_after == 1
    assert fake.sent == []


@sending
def test_a_lost_answer_leaves_it_unknown_and_the_same_key_arrives_once_where_promised(fake: Fake):
    fake.misbehave("drop")

    with pytest.raises(Unavailable) as caught:
        fake.connector().send(message(fake))

    assert caught.value.unknown
    if fake.adapter.idempotent:
        fake.connector().send(message(fake))
    assert len(fake.sent) == 1


@sending
def test_what_the_provider_tells_of_a_message_names_it(fake: Fake):
    number = fake.connector().send(message(fake))
    promised = [state for state in ("delivered", "read") if getattr(fake.adapter.can, state)]

    for state in promised:
        hook = fake.told(number, state, key="41")
        assert hook is not None, f"it promises to tell what was {state}"
        (report,) = read(fake, hook)
        assert isinstance(report, Report)
        assert report.state == state
        assert number in (report.external_id,) or report.key == "41" or report.until
        assert report.proof


# ---- being set up --------------------------------------------------------------------------------------------------


@those(lambda fake: fake.adapter.check is not Adapter.check)
def test_the_credentials_are_asked_for_and_wrong_ones_are_said_to_be_wrong(fake: Fake):
    assert fake.connector().check()

    fake.misbehave("expired")
    with pytest.raises(Misconfigured):
        fake.connector().check()


@those(lambda fake: fake.secrets and fake.adapter.sends())
def test_a_channel_without_its_secrets_is_misconfigured(fake: Fake):
    with pytest.raises(Misconfigured, match="Channels"):
        fake.connector(secrets=False).send(message(fake))


def test_every_adapter_is_tried_here_or_has_tests_of_its_own():
    assert {*NAMES, *BY_THEMSELVES} == set(adapters())
    assert all(issubclass(adapter, Adapter) for adapter in adapters().values())
