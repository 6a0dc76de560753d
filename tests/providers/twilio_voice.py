"""Twilio's Programmable Voice: its calls API, and a network of telephones that follow our TwiML.

Written from https://www.twilio.com/docs/voice/twiml and https://www.twilio.com/docs/voice/api/call-resource. Requests
are signed by Twilio's own library; documents that its reference does not allow are refused by name.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode
from xml.etree.ElementTree import Element

import httpx
import orjson
from twilio.request_validator import RequestValidator

from tests.providers import twiml_grammar as grammar
from tests.providers.kit import PUBLIC, Asked, Fake, Reply, Wrong, digest
from tests.providers.twilio import ACCOUNT, ANA, FORM, TOKEN
from threadline.channels.adapters.twilio_voice import EVENTS, TwilioVoice
from threadline.channels.contract import Hook, Piece

OURS = "+447700900000"
RECORDINGS = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings"
SOUND = b"ID3\x04 a recording"


@dataclass
class Phone:
    """One end of a call, at the provider. `at` is the verb that it waits in; `heard` what was said to it."""

    net: "FakeTwilioVoice"
    sid: str
    number: str
    to: str
    direction: str = "inbound"
    url: str = ""
    told: str = ""
    heard: list[str] = field(default_factory=list)
    at: Element | None = None
    queue: Element | None = None
    parent: "Phone | None" = None
    bridged: "Phone | None" = None
    recorded: str = ""
    over: str = ""

    @property
    def last(self) -> str:
        return self.heard[-1] if self.heard else ""

    def fields(self, **more: str) -> dict[str, str]:
        about = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": self.to,
            "ApiVersion": "2010-04-01",
        }
        return {**about, "Direction": self.direction, "CallStatus": "in-progress", **more}

    # ---- what its owner does

    def press(self, digits: str) -> None:
        """Keys, while something may be pressed."""
        assert self.at is not None, f"nothing may be pressed here: {self.heard[-2:]}"
        assert self.at.tag == "Gather", f"nothing may be pressed here: {self.heard[-2:]}"
        ends = self.at.get("finishOnKey", "#")
        most = int(self.at.get("numDigits", "99"))
        given = digits.split(ends)[0] if ends else digits
        self.follow(self.at.attrib["action"], Digits=given[:most])

    def press_nothing(self) -> None:
        """They wait for what comes."""
        assert self.at is not None
        if self.at.tag == "Gather" and self.at.get("actionOnEmptyResult") == "true":
            self.follow(self.at.attrib["action"], Digits="")
        elif self.queue is not None:
            self.hear_wait()
        else:
            raise Wrong("a Gather without actionOnEmptyResult ends the call in silence: they are trapped")

    def speak(self, words: str, seconds: int = 9) -> None:
        """After the tone."""
        assert self.at is not None, "no tone was heard"
        assert self.at.tag == "Record", "no tone was heard"
        verb, sid = self.at, self.net.new_recording()
        about = {"RecordingSid": sid, "RecordingUrl": f"{RECORDINGS}/{sid}", "RecordingDuration": str(seconds)}
        self.follow(verb.attrib["action"], **about, Digits="#")
        if verb.get("transcribe") == "true":
            done = {"TranscriptionStatus": "completed", "TranscriptionText": words, "TranscriptionSid": "TR1"}
            self.net.tell(verb.attrib["transcribeCallback"], self.fields(**about, **done))
        self.net.tell_recording(verb, self.sid, sid, seconds)

    def hang_up(self, status: str = "completed") -> None:
        self.end(status)

    def answer(self) -> None:
        """Somebody whom we ring picks up."""
        if self.parent is None:
            self.net.tell(self.told, self.fields(CallStatus="in-progress"))
            self.follow(self.url)
            return
        noun = self.parent.at
        assert noun is not None
        self.hear(self.net.ask(noun[0].attrib["url"], self.fields()), grammar.BEFORE_DIALLED)
        self.bridged, self.parent.bridged = self.parent, self
        self.net.tell(noun[0].attrib["statusCallback"], self.fields(CallStatus="in-progress"))

    def say_to_them(self, words: str, *, track: str, number: int) -> None:
        """A sentence that the provider wrote down while they talk."""
        assert self.net.transcribing.get(self.sid), "nothing is written down here"
        data = orjson.dumps({"transcript": words, "confidence": 0.97}).decode()
        said = {"TranscriptionEvent": "transcription-content", "TranscriptionData": data, "Track": track}
        about = {"CallSid": self.sid, "AccountSid": ACCOUNT, "SequenceId": str(number), "LanguageCode": "en-GB"}
        self.net.tell(self.net.transcribing[self.sid], {**about, **said})

    # ---- what the provider does

    def follow(self, address: str, **more: str) -> None:
        self.run(grammar.read(self.net.ask(address, self.fields(**more))))

    def run(self, document: Element) -> None:
        self.at = None
        for verb in document:
            if self.do(verb):
                return
        self.end("completed")

    def do(self, verb: Element) -> bool:
        """Whether the call stays in it."""
        match verb.tag:
            case "Say":
                self.heard.append(str(verb.text))
                return False
            case "Pause":
                return False
            case "Start":
                self.net.transcribing[self.sid] = verb[0].attrib["statusCallbackUrl"]
                return False
            case "Gather":
                self.heard += [str(said.text) for said in verb]
            case "Enqueue":
                self.queue = verb
                self.net.queues.setdefault(str(verb.text), []).append(self)
                self.hear_wait()
                return True
            case "Redirect":
                self.follow(str(verb.text))
                return True
            case "Dial":
                self.at = verb
                self.dial(verb)
                return True
            case "Hangup" | "Reject":
                self.end("completed" if verb.tag == "Hangup" else "busy")
                return True
        self.at = verb
        return True

    def hear_wait(self) -> None:
        """What is heard in the queue, each time that it is over."""
        assert self.queue is not None
        places = self.net.queues[str(self.queue.text)]
        about = {"QueuePosition": str(places.index(self) + 1), "QueueTime": "0", "AvgQueueTime": "0", "QueueSid": "QU1"}
        found = grammar.read(self.net.ask(self.queue.attrib["waitUrl"], self.fields(**about)), verbs=grammar.IN_QUEUE)
        self.run_waiting(found)

    def run_waiting(self, document: Element) -> None:
        for verb in document:
            if verb.tag == "Leave":
                return self.leave_queue("leave")
            if verb.tag == "Say":
                self.heard.append(str(verb.text))
            if verb.tag == "Gather":
                self.heard += [str(said.text) for said in verb]
                self.at = verb
                return None
        self.at = self.queue
        return None

    def press_while_waiting(self, digit: str) -> None:
        assert self.at is not None
        assert self.at.tag == "Gather"
        document = self.net.ask(self.at.attrib["action"], self.fields(Digits=digit))
        self.run_waiting(grammar.read(document, verbs=grammar.IN_QUEUE))

    def leave_queue(self, result: str) -> None:
        assert self.queue is not None
        verb, self.queue = self.queue, None
        self.net.queues[str(verb.text)].remove(self)
        self.follow(verb.attrib["action"], QueueResult=result)

    def dial(self, verb: Element) -> None:
        noun = verb[0]
        if noun.tag == "Number":
            number = str(noun.text)
            self.net.phones.append(Phone(self.net, self.net.new_sid(), OURS, number, "outbound-dial", parent=self))
            return
        waiting = self.net.queues.get(str(noun.text)) or []
        if not waiting:
            self.follow(verb.attrib["action"], DialCallStatus="no-answer")
            return
        other = waiting.pop(0)
        said = self.net.ask(noun.attrib["url"], other.fields(QueueTime="60", DequeingCallSid=self.sid))
        other.hear(said, grammar.BEFORE_QUEUED)
        self.bridged, other.bridged, other.at = other, self, None
        self.recorded = self.net.new_recording() if verb.get("record", "do-not-record") != "do-not-record" else ""

    def hear(self, document: bytes, verbs: frozenset[str]) -> None:
        self.heard += [str(verb.text) for verb in grammar.read(document, verbs=verbs) if verb.tag == "Say"]

    def redirect(self, address: str) -> None:
        """Taken out of whatever it does, by the API."""
        other, self.bridged = self.bridged, None
        if self.queue is not None and self in self.net.queues.get(str(self.queue.text), []):
            self.net.queues[str(self.queue.text)].remove(self)
        self.queue = None
        if other is not None:
            other.unbridge()
        self.follow(address)

    def unbridge(self) -> None:
        """The other end is gone: our own goes on with what its Dial says, theirs with what comes after the queue."""
        self.bridged = None
        if self.over:
            return
        if self.at is not None and self.at.tag == "Dial":
            verb = self.at
            self.tell_recorded(verb)
            self.follow(verb.attrib["action"], DialCallStatus="completed")
        elif self.queue is not None:
            verb, self.queue = self.queue, None
            self.follow(verb.attrib["action"], QueueResult="bridged")
        else:
            self.end("completed")

    def tell_recorded(self, verb: Element) -> None:
        if self.recorded:
            self.net.tell_recording(verb, self.sid, self.recorded, 63)
            self.recorded = ""

    def end(self, status: str) -> None:
        if self.over:
            return
        self.over, other, self.bridged = status, self.bridged, None
        if self.at is not None and self.at.tag == "Dial":
            self.tell_recorded(self.at)
        for places in self.net.queues.values():
            if self in places:
                places.remove(self)
        if self.told:
            self.net.tell(self.told, self.fields(CallStatus=status))
        if other is not None:
            other.unbridge()
        elif self.parent is not None and self.parent.at is not None and not self.parent.over:
            self.parent.follow(self.parent.at.attrib["action"], DialCallStatus=status)


class FakeTwilioVoice(Fake):
    adapter: Any = TwilioVoice
    address = OURS
    settings = {"account_sid": ACCOUNT}
    secrets = {"auth_token": TOKEN}
    person = ANA
    has_media = f"{RECORDINGS}/RE1.mp3"
    tells_time = False
    door: Callable[[Hook], httpx.Response]

    def __init__(self) -> None:
        super().__init__()
        self.ours: dict[str, str] = {}  # where our number calls, as it was told
        self.phones: list[Phone] = []
        self.queues: dict[str, list[Phone]] = {}
        self.transcribing: dict[str, str] = {}
        self.later: list[Callable[[], None]] = []
        self.count = 0

    # ---- its API

    def serve(self, asked: Asked) -> Reply:
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {given}":
            return Reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        place = asked.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}")
        match asked.method, place:
            case "GET", ".json":
                return Reply(200, {"sid": ACCOUNT, "friendly_name": "Harbour & Pine", "status": "active"})
            case "GET", "/IncomingPhoneNumbers.json":
                return Reply(
                    200, {"incoming_phone_numbers": [{"sid": "PN1"}] if asked.query["PhoneNumber"] == OURS else []}
                )
            case "POST", "/IncomingPhoneNumbers/PN1.json":
                self.ours = asked.form
                return Reply(200, {"sid": "PN1"})
            case "POST", "/Calls.json":
                return self.place_call(parse_qs(asked.body.decode()))
            case "POST", _ if place.startswith("/Calls/"):
                return self.change_call(place.removeprefix("/Calls/").removesuffix(".json"), asked.form)
            case "GET", _ if place.startswith("/Recordings/") and place.endswith(".mp3"):
                return Reply(body=b"a photo" if place.endswith("/RE1.mp3") else SOUND)
        raise Wrong("no such resource")

    def place_call(self, form: Mapping[str, list[str]]) -> Reply:
        if form["From"] != [OURS] or not grammar.NUMBER(form["To"][0]):
            raise Wrong("From or To")
        if not (grammar.URL(form["Url"][0]) and grammar.URL(form["StatusCallback"][0])):
            raise Wrong("Url or StatusCallback")
        if set(form["StatusCallbackEvent"]) - {"initiated", "ringing", "answered", "completed"}:
            raise Wrong("StatusCallbackEvent")
        if not 0 < int(form["Timeout"][0]) <= 600:
            raise Wrong("Timeout")
        url, told = form["Url"][0], form["StatusCallback"][0]
        made = Phone(self, self.new_sid(), OURS, form["To"][0], "outbound-api", url=url, told=told)
        self.phones.append(made)
        return Reply(201, {"sid": made.sid, "status": "queued"})

    def change_call(self, sid: str, form: Mapping[str, str]) -> Reply:
        phone = next((each for each in self.phones if each.sid == sid), None)
        if phone is None or phone.over:
            return Reply(
                400, {"code": 21220, "message": "Unable to update record. Call is not in-progress", "status": 400}
            )
        if form.get("Status") == "completed":
            self.later.append(lambda: phone.end("completed"))
        elif grammar.URL(form["Url"]):
            self.later.append(lambda: phone.redirect(form["Url"]))
        return Reply(200, {"sid": sid, "status": "in-progress"})

    def settle(self) -> None:
        """What the API was asked to do to calls happens now."""
        while self.later:
            self.later.pop(0)()

    def expired(self) -> Reply:
        return Reply(401, {"code": 20003, "message": "Authenticate", "status": 401})

    def slow_down(self) -> Reply:
        return Reply(429, {"code": 20429, "message": "Too Many Requests", "status": 429}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"code": 21217, "message": "Phone number does not appear to be valid", "status": 400})

    # ---- its calls

    def ring(self, number: str = ANA, **more: str) -> Phone:
        """Somebody calls our number, where we told it to ask."""
        phone = Phone(self, self.new_sid(), number, OURS, told=self.ours["StatusCallback"])
        self.phones.append(phone)
        phone.follow(self.ours["VoiceUrl"], **{"CallStatus": "ringing", **more})
        return phone

    def to(self, number: str) -> Phone:
        """The newest call to that number."""
        return next(each for each in reversed(self.phones) if each.to == number)

    def ask(self, address: str, fields: Mapping[str, str]) -> bytes:
        """A signed request for what comes next."""
        answer = self.door(self.signed_to(address, fields))
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/xml"):
            raise Wrong(f"11200: {address} answered {answer.status_code} {answer.text[:200]}")
        return answer.content

    def tell(self, address: str, fields: Mapping[str, str]) -> None:
        answer = self.door(self.signed_to(address, fields))
        if answer.status_code != 200:
            raise Wrong(f"11200: {address} answered {answer.status_code} {answer.text[:200]}")

    def tell_recording(self, verb: Element, call: str, sid: str, seconds: int) -> None:
        """As the documentation has it: without who called."""
        if where := verb.get("recordingStatusCallback"):
            about = {"RecordingSid": sid, "RecordingUrl": f"{RECORDINGS}/{sid}", "RecordingDuration": str(seconds)}
            self.tell(where, {"AccountSid": ACCOUNT, "CallSid": call, "RecordingStatus": "completed", **about})

    def new_sid(self) -> str:
        self.count += 1
        return f"CA{digest('call', self.count)[:32]}"

    def new_recording(self) -> str:
        self.count += 1
        return f"RE{digest('recording', self.count)[:32]}"

    # ---- for the contract

    def signed_to(self, address: str, fields: Mapping[str, str]) -> Hook:
        """Signed by Twilio's own library."""
        made = RequestValidator(TOKEN).compute_signature(address, dict(fields))
        return self.hook(urlencode(fields).encode(), {"content-type": FORM, "x-twilio-signature": made}, url=address)

    def fields(self, text: str, *, number: int, who: str = "") -> dict[str, str]:
        sid = f"RE{digest('in', number)[:32]}"
        return {
            "CallSid": f"CA{digest('in', number)[:32]}",
            "AccountSid": ACCOUNT,
            "From": who or ANA,
            "To": OURS,
            "CallStatus": "completed",
            "RecordingSid": sid,
            "RecordingUrl": f"{RECORDINGS}/{sid}",
            "RecordingDuration": "9",
            "TranscriptionSid": f"TR{digest('in', number)[:32]}",
            "TranscriptionStatus": "completed",
            "TranscriptionText": text,
        }

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        return self.signed_to(self.hook_url, self.fields(text, number=number, who=who))

    def somebody(self, number: int) -> str:
        return f"+447700900{number:03}"

    def examples(self) -> Mapping[str, Piece]:
        base = {"CallSid": "CA1", "AccountSid": ACCOUNT}
        recorded = {**base, "RecordingSid": "RE1", "RecordingUrl": f"{RECORDINGS}/RE1", "RecordingDuration": "9"}
        kept = {
            "call": "CA1", "number": ANA, "direction": "in", "at": "2026-03-01T09:41:00+00:00", "text": "They talked.",
            "agent": "bo", "files": [], "attributes": {},
        }  # fmt: skip
        found: dict[str, Mapping[str, object]] = {}
        for name in EVENTS:
            of, _dot, state = name.partition(".")
            field = {"call": "CallStatus", "recording": "RecordingStatus", "transcription": "TranscriptionStatus"}[of]
            found[name] = {**(base if of == "call" else recorded), field: state}
        found["call.kept"] = {"Kept": kept}
        return {name: Piece(orjson.dumps(said)) for name, said in found.items()}


assert PUBLIC.startswith("https://"), "Twilio asks over https only"
