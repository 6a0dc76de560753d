"""What TwiML may be, from Twilio's reference (https://www.twilio.com/docs/voice/twiml): verbs, nouns, attributes.

`read` refuses everything else, and everything that a place does not take: not every verb is heard in a queue.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.providers.kit import Wrong

Value = Callable[[str], object]


def one_of(*words: str) -> Value:
    return lambda text: text in words


def several_of(*words: str) -> Value:
    return lambda text: text.split() and set(text.split()) <= set(words)


def whole(least: int, most: int) -> Value:
    return lambda text: text.isdigit() and least <= int(text) <= most


URL = re.compile(r"https://[\w.\-]+(:\d+)?/[\w./\-]+").fullmatch
METHOD = one_of("GET", "POST")
FLAG = one_of("true", "false")
NUMBER = re.compile(r"\+[1-9]\d{6,14}").fullmatch
KEYS = re.compile(r"[0-9*#]*").fullmatch
LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}").fullmatch
NAME = re.compile(r"[\w.\-]{1,64}").fullmatch
SHORT = re.compile(r".{1,64}").fullmatch
RECORDED = several_of("in-progress", "completed", "absent")


@dataclass(frozen=True)
class Rule:
    """`text` is what may stand in it, `inside` which elements; `needed` attributes must be there."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    text: Value | None = None
    inside: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()


VERBS = frozenset(
    {
        "Say",
        "Play",
        "Pause",
        "Gather",
        "Record",
        "Dial",
        "Enqueue",
        "Leave",
        "Redirect",
        "Reject",
        "Hangup",
        "Start",
        "Stop",
    }
)
GRAMMAR: dict[str, Rule] = {
    "Response": Rule(inside=VERBS),
    "Say": Rule(
        {"language": LANGUAGE, "voice": SHORT, "loop": whole(0, 1000)}, text=lambda text: 0 < len(text) <= 4096
    ),
    "Play": Rule({"loop": whole(0, 1000), "digits": KEYS}, text=URL),
    "Pause": Rule({"length": whole(1, 600)}),
    "Gather": Rule(
        {
            "input": several_of("dtmf", "speech"),
            "action": URL,
            "method": METHOD,
            "timeout": whole(1, 600),
            "numDigits": whole(1, 100),
            "finishOnKey": KEYS,
            "actionOnEmptyResult": FLAG,
            "language": LANGUAGE,
        },
        inside=frozenset({"Say", "Play", "Pause"}),
    ),
    "Record": Rule(
        {
            "action": URL,
            "method": METHOD,
            "timeout": whole(0, 600),
            "finishOnKey": KEYS,
            "maxLength": whole(1, 14_400),
            "playBeep": FLAG,
            "trim": one_of("trim-silence", "do-not-trim"),
            "recordingStatusCallback": URL,
            "recordingStatusCallbackMethod": METHOD,
            "recordingStatusCallbackEvent": RECORDED,
            "transcribe": FLAG,
            "transcribeCallback": URL,
        }
    ),
    "Dial": Rule(
        {
            "action": URL,
            "method": METHOD,
            "timeout": whole(5, 600),
            "hangupOnStar": FLAG,
            "timeLimit": whole(1, 14_400),
            "callerId": NUMBER,
            "record": one_of(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
            ),
            "recordingStatusCallback": URL,
            "recordingStatusCallbackMethod": METHOD,
            "recordingStatusCallbackEvent": RECORDED,
            "answerOnBridge": FLAG,
        },
        inside=frozenset({"Number", "Queue"}),
    ),
    "Number": Rule(
        {
            "url": URL,
            "method": METHOD,
            "sendDigits": KEYS,
            "statusCallback": URL,
            "statusCallbackMethod": METHOD,
            "statusCallbackEvent": several_of("initiated", "ringing", "answered", "completed"),
        },
        text=NUMBER,
    ),
    "Queue": Rule({"url": URL, "method": METHOD}, text=NAME),
    "Enqueue": Rule({"action": URL, "method": METHOD, "waitUrl": URL, "waitUrlMethod": METHOD}, text=NAME),
    "Leave": Rule(),
    "Redirect": Rule({"method": METHOD}, text=URL),
    "Reject": Rule({"reason": one_of("rejected", "busy")}),
    "Hangup": Rule(),
    "Start": Rule(inside=frozenset({"Transcription"})),
    "Stop": Rule(inside=frozenset({"Transcription"})),
    "Transcription": Rule(
        {
            "name": SHORT,
            "track": one_of("inbound_track", "outbound_track", "both_tracks"),
            "statusCallbackUrl": URL,
            "statusCallbackMethod": METHOD,
            "inboundTrackLabel": SHORT,
            "outboundTrackLabel": SHORT,
            "partialResults": FLAG,
            "languageCode": LANGUAGE,
            "enableAutomaticPunctuation": FLAG,
        },
        needed=frozenset({"statusCallbackUrl"}),
    ),
}
# What is heard in special places takes fewer verbs.
IN_QUEUE = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
BEFORE_QUEUED = frozenset({"Play", "Say", "Pause", "Redirect"})
BEFORE_DIALLED = frozenset({"Play", "Say", "Pause", "Gather", "Hangup"})


def read(document: bytes, *, verbs: frozenset[str] = VERBS) -> ElementTree.Element:
    """The document, if Twilio would take it. Raises Wrong, with what is wrong."""
    try:
        found = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise Wrong(f"12100: no XML: {error}") from error
    if found.tag != "Response":
        raise Wrong(f"12100: <{found.tag}> is no <Response>")
    check(found)
    for verb in found:
        if verb.tag not in verbs:
            raise Wrong(f"12200: <{verb.tag}> is not heard here")
    return found


def check(element: ElementTree.Element) -> None:
    rule = GRAMMAR.get(element.tag)
    if rule is None:
        raise Wrong(f"12200: <{element.tag}> is no verb or noun")
    for name, value in element.attrib.items():
        if name not in rule.attributes:
            raise Wrong(f"12200: <{element.tag}> has no attribute {name}")
        if not rule.attributes[name](value):
            raise Wrong(f"12200: <{element.tag} {name}={value!r}>")
    if missing := rule.needed - set(element.attrib):
        raise Wrong(f"12200: <{element.tag}> needs {', '.join(missing)}")
    text = (element.text or "").strip()
    if bool(rule.text) != bool(text) or (rule.text and not rule.text(text)):
        raise Wrong(f"12200: <{element.tag}> holds {text!r}")
    for inner in element:
        if inner.tag not in rule.inside:
            raise Wrong(f"12200: <{inner.tag}> in <{element.tag}>")
        check(inner)
