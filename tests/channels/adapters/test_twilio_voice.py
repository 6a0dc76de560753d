"""Calls over Twilio: who is believed, what is read, and what of TwiML its grammar refuses."""

import dataclasses
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from tests.providers import twiml_grammar as grammar
from tests.providers.kit import Wrong
from tests.providers.twilio import TOKEN
from tests.providers.twilio_voice import FakeTwilioVoice
from threadline.channels import twiml
from threadline.channels.adapters.twilio_voice import shown
from threadline.channels.contract import Refused
from threadline.channels.twilio_account import signature


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeTwilioVoice]:
    with FakeTwilioVoice().running() as fake:
        assert isinstance(fake, FakeTwilioVoice)
        yield fake


FIELDS = {"CallSid": "CA1", "From": "+447700900123", "Digits": "1", "Empty": "", "Käse": "ü & = +"}


@pytest.mark.parametrize(
    "place", ["", "/call", "/call/wait-key", "/leg/41/key?again=1"], ids=["door", "call", "key", "query"]
)
def test_twilios_own_validator_and_ours_sign_alike(fake: FakeTwilioVoice, place: str):
    hook = fake.signed_to(f"{fake.hook_url}{place}", FIELDS)

    fake.connector().verify(hook)

    assert RequestValidator(TOKEN).validate(hook.url, FIELDS, signature(TOKEN, hook))


@pytest.mark.parametrize(
    "change",
    [
        lambda hook: dataclasses.replace(hook, body=hook.body.replace(b"Digits=1", b"Digits=9")),
        lambda hook: dataclasses.replace(hook, body=hook.body + b"&SpeechResult=hello"),
        lambda hook: dataclasses.replace(hook, url=f"{hook.url}/other"),
        lambda hook: dataclasses.replace(hook, headers={}),
    ],
    ids=["digit", "field", "address", "unsigned"],
)
def test_what_was_changed_on_the_way_is_refused_as_twilio_would(fake: FakeTwilioVoice, change):
    hook = change(fake.signed_to(f"{fake.hook_url}/call/menu", FIELDS))

    with pytest.raises(Refused):
        fake.connector().verify(hook)
    assert not RequestValidator(TOKEN).validate(hook.url, hook.form(), hook.headers.get("x-twilio-signature", ""))


@pytest.mark.parametrize(
    "written",
    ["anonymous", "Restricted", "+266696687", "+7378742833", "", "sip:bo@example.com", "+12", None],
    ids=["anonymous", "restricted", "as-digits", "restricted-as-digits", "empty", "sip", "short", "missing"],
)
def test_a_withheld_number_is_nobodys_however_carriers_write_it(written: str | None):
    assert shown(written) == ""
    assert shown("+447700900123") == "+447700900123"


def test_everything_that_we_can_say_is_in_twilios_grammar():
    url = "https://desk.example.com/in/7/call/menu"
    voice = twiml.Voice("en-GB", "Polly.Amy")
    say = voice.say("Fish & chips <today>\x00\ud800")
    verbs = [
        say, twiml.pause(5), twiml.gather(url, say), twiml.redirect(url),
        twiml.gather(url, say, digits=None, ends_with="#"),
        twiml.enqueue("threadline-7-41", wait=url, after=url), twiml.leave(), twiml.hang_up(),
        twiml.record(url, told=url, transcript=url), twiml.record(url, told=url),
        twiml.dial(twiml.queue("threadline-7-41", before=url), after=url, seconds=10, recorded=url),
        twiml.dial(twiml.number("+447700900123", before=url, told=url), after=url, seconds=30, caller="+447700900000"),
        twiml.transcribed("call-1", told=url, language="en-GB", ours="us", theirs="them"),
        twiml.Verb("Reject", options={"reason": "busy"}),
    ]  # fmt: skip

    found = grammar.read(twiml.document(verbs))

    assert [verb.tag for verb in found] == [verb.name for verb in verbs]
    assert found[0].text == "Fish & chips <today>"


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<Speak>Hello</Speak>", "<Speak> in <Response>"),
        ("<Say volume='loud'>Hello</Say>", "no attribute volume"),
        ("<Say></Say>", "holds ''"),
        ("<Gather timeout='soon'/>", "timeout"),
        ("<Gather><Dial/></Gather>", "<Dial> in <Gather>"),
        ("<Dial record='yes'><Queue>a</Queue></Dial>", "record"),
        ("<Enqueue waitUrl='http://desk.example.com/in/7'>a</Enqueue>", "waitUrl"),
        ("<Start><Transcription name='a'/></Start>", "needs statusCallbackUrl"),
    ],
    ids=["verb", "attribute", "empty", "value", "nesting", "recording", "plain-http", "needed"],
)
def test_the_stand_in_refuses_what_twilio_refuses(inside: str, why: str):
    with pytest.raises(Wrong, match=why):
        grammar.read(f"<Response>{inside}</Response>".encode())


def test_in_the_queue_and_before_a_connection_fewer_verbs_are_heard():
    record = twiml.document([twiml.record("https://desk.example.com/a", told="https://desk.example.com/a")])

    grammar.read(record)

    for verbs in (grammar.IN_QUEUE, grammar.BEFORE_QUEUED, grammar.BEFORE_DIALLED):
        with pytest.raises(Wrong, match="not heard here"):
            grammar.read(record, verbs=verbs)
