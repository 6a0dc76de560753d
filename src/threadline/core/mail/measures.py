"""How well mails are read, measured on labelled rows. Pure: decoded JSON rows in, numbers out.

Rows are those of three public sets: MIME messages with another parser's reading, replies with the newly written text,
and mails with zones by character offsets. Each measure stands beside a trivial baseline.
"""

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from threadline.core.mail.lines import lines_of
from threadline.core.mail.quotes import header_spans, mail_starts
from threadline.core.mail.reading import Mail, read
from threadline.core.mail.replies import newly_written
from threadline.core.mail.structure import Part, structure
from threadline.core.mail.zones import BODY, HEADER, INTRO, OUTRO, SIGNATURE, label_lines

Row = Mapping[str, Any]
Answer = dict[str, Any]

_WORDS = ("text/plain", "text/html")
_DEEPEST = 20


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return round(sum(found) / len(found), 4) if found else 0.0


def _flat(text: str) -> str:
    return " ".join(text.split())


# Reading mails


def email_mime(rows: Sequence[Row]) -> Answer:
    """Shares of messages read as the other parser read them; `exceptions` counts those that raised.

    `same_text` compares all text/plain and text/html bodies in order, nested mails included, after white-space
    normalisation. A sign that the other parser could not decode (U+FFFD) agrees with anything.
    """
    seen = [_compare(row) for row in rows]
    names = (
        "same_text",
        "same_headers",
        "same_subject",
        "same_from",
        "same_to",
        "same_date",
        "same_message_id",
        "same_files",
    )
    return {
        "messages": len(rows),
        "exceptions": sum("exception" in one for one in seen),
        **{name: _share(one.get(name, False) for one in seen) for name in names},
        "baseline_same_text": _share(_standard_library_agrees(row) for row in rows),
    }


def _compare(row: Row) -> dict[str, bool]:
    raw = base64.b64decode(row["raw_base64"])
    try:
        mail, root = read(raw), structure(raw)
    except Exception:
        return {"exception": True}
    answer = _compare_headers(mail, _expected_headers(row["expected"]))
    answer["same_headers"] = all(answer.values())
    answer["same_text"] = _agrees(_expected_texts(row["expected"]), _texts(root))
    answer["same_files"] = _agrees(_expected_names(row["expected"]), _names(mail, root))
    return answer


def _texts(root: Part, depth: int = 0) -> list[str]:
    found: list[str] = []
    for part in root.walk():
        if part.kind == "message/rfc822" and depth < _DEEPEST:
            found += _texts(structure(part.data()), depth + 1)
        elif part.kind in _WORDS and not part.children:
            found.append(_flat(part.text()))
    return [text for text in found if text]


def _expected_texts(message: Row) -> list[str]:
    found: list[str] = []
    for part in message["parts"]:
        body = part["body"]
        if "Message" in body:
            found += _expected_texts(body["Message"])
        elif _expected_kind(part) in _WORDS:
            found.append(_flat(body.get("Text") or body.get("Html") or "").replace("\x00", ""))
    return [text for text in found if text]


def _expected_kind(part: Row) -> str:
    declared = _expected_headers({"parts": [part]}).get("content_type")
    if (
        not isinstance(declared, dict)
        or "ContentType" not in declared
        or declared["ContentType"]["c_type"] == "multipart"
    ):
        return "text/plain"
    kind = declared["ContentType"]
    return f"{kind['c_type']}/{kind['c_subtype'] or ''}".lower()


def _expected_headers(message: Row) -> dict[str, Any]:
    return {h["name"]: h["value"] for h in message["parts"][0]["headers"] if isinstance(h["name"], str)}


def _compare_headers(mail: Mail, expected: dict[str, Any]) -> dict[str, bool]:
    return {
        "same_subject": _agrees(_text(expected.get("subject")), mail.subject),
        "same_from": _agrees(_mailboxes(expected.get("from"))[:1], [_pair(mail.sender)] if mail.sender else []),
        "same_to": _agrees(_mailboxes(expected.get("to")), [_pair(one) for one in mail.to]),
        "same_date": _moment(expected.get("date")) == mail.date,
        "same_message_id": _text(expected.get("message_id")) == mail.message_id,
    }


def _pair(one: Any) -> tuple[str, str]:
    return (one.name, one.email.lower())


def _text(value: Any) -> str:
    return _flat(value.get("Text") or "") if isinstance(value, dict) else ""


def _mailboxes(value: Any) -> list[tuple[str, str]]:
    if not isinstance(value, dict) or "Address" not in value:
        return []
    address = value["Address"]
    boxes = address.get("List") or [box for group in address.get("Group", []) for box in group["addresses"]]
    return [(_flat(box["name"] or ""), (box["address"] or "").lower()) for box in boxes if box["address"]]


def _agrees(expected: Any, found: Any) -> bool:
    wanted, got = str(expected), str(found)
    if "\ufffd" not in wanted:
        return wanted == got
    return all(piece in got for piece in wanted.split("\ufffd"))


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, dict) or "DateTime" not in value:
        return None
    at = value["DateTime"]
    offset = timedelta(hours=at["tz_hour"], minutes=at["tz_minute"])
    zone = timezone(-offset if at["tz_before_gmt"] else offset)
    try:
        return datetime(
            at["year"], at["month"], at["day"], at["hour"], at["minute"], at["second"], tzinfo=zone
        ).astimezone(UTC)
    except ValueError:
        return None


def _names(mail: Mail, root: Part) -> list[str]:
    parts = {file.part for file in mail.files}
    return sorted(part.filename for part in root.walk() if part.index in parts and part.filename)


def _expected_names(message: Row) -> list[str]:
    names = [_expected_name(message["parts"][at]) for at in message["attachments"]]
    return sorted(name for name in names if name)


def _expected_name(part: Row) -> str:
    headers = _expected_headers({"parts": [part]})
    for field, wanted in (("content_disposition", "filename"), ("content_type", "name")):
        value = headers.get(field)
        for attribute in (value.get("ContentType", {}).get("attributes") or []) if isinstance(value, dict) else []:
            if attribute["name"] == wanted and attribute["value"]:
                return str(attribute["value"]).replace("\\", "/").rpartition("/")[2]
    return ""


def _standard_library_agrees(row: Row) -> bool:
    """The baseline: the standard library with its modern policy."""
    try:
        message = message_from_bytes(base64.b64decode(row["raw_base64"]), policy=policy.default)
        parts = [part for part in message.walk() if part.get_content_type() in _WORDS]
        texts = [_flat(str(part.get_content())) for part in parts if isinstance(part, EmailMessage)]
    except Exception:
        return False
    return _agrees(_expected_texts(row["expected"]), [text for text in texts if text])


# What was newly written


def email_replies(rows: Sequence[Row]) -> Answer:
    """`exact_match` after white-space normalisation and the mean F1 of lines; the baseline takes the text unchanged."""
    return {"mails": len(rows), **_replies(rows, newly_written, ""), **_replies(rows, str, "baseline_")}


def _replies(rows: Sequence[Row], answer: Callable[[str], str], prefix: str) -> Answer:
    pairs = [(answer(row["email"]), str(row["trimmed"])) for row in rows]
    f1 = [_line_f1(found, gold) for found, gold in pairs]
    return {
        f"{prefix}exact_match": _share(_flat(found) == _flat(gold) for found, gold in pairs),
        f"{prefix}line_f1": round(sum(f1) / len(f1), 4) if f1 else 0.0,
    }


def _line_f1(found: str, gold: str) -> float:
    left, right = (Counter(filter(None, map(_flat, text.splitlines()))) for text in (found, gold))
    if not left and not right:
        return 1.0
    return 2 * (left & right).total() / (left.total() + right.total())


# Zones

_ZONES = (HEADER, BODY, INTRO, OUTRO, SIGNATURE)
_RANKS = {BODY: 0, INTRO: 1, OUTRO: 2, SIGNATURE: 3, HEADER: 4}
_GOLD = (("Header", HEADER), ("Body/Signature", SIGNATURE), ("Body/Outro", OUTRO), ("Body/Intro", INTRO))


def email_zones(rows: Sequence[Row]) -> Answer:
    """Accuracy over all filled lines with two zones and with five, F1 of each zone, and `thread_depth`: the share of
    mails whose number of quoted mails was found. The baseline calls every line body. `by_source` splits by id."""
    sources = sorted(set(map(_source, rows)))
    answer = _zones(rows)
    if len(sources) > 1:
        answer["by_source"] = {
            name: _zones([row for row in rows if str(row["id"]).startswith(f"{name}/")]) for name in sources
        }
    return answer


def _source(row: Row) -> str:
    return str(row["id"]).partition("/")[0]


def _zones(rows: Sequence[Row]) -> Answer:
    pairs = [pair for row in rows for pair in _labelled(row)]
    return {
        "mails": len(rows),
        "lines": len(pairs),
        "line_accuracy_2": _share((gold == HEADER) == (found == HEADER) for gold, found in pairs),
        "line_accuracy_5": _share(gold == found for gold, found in pairs),
        "baseline_line_accuracy_2": _share(gold != HEADER for gold, _ in pairs),
        "baseline_line_accuracy_5": _share(gold == BODY for gold, _ in pairs),
        "f1": {zone: _zone_f1(pairs, zone) for zone in _ZONES},
        "thread_depth": _share(_depth_agrees(row) for row in rows),
    }


def _zone_f1(pairs: Sequence[tuple[str, str]], zone: str) -> float:
    both = sum(gold == found == zone for gold, found in pairs)
    either = sum((gold == zone) + (found == zone) for gold, found in pairs)
    return round(2 * both / either, 4) if either else 0.0


def _labelled(row: Row) -> list[tuple[str, str]]:
    """(gold, found) for each filled line."""
    text = row["text"]
    gold = gold_lines(text, row["zones"])
    return [(wanted, found) for wanted, found in zip(gold, label_lines(text), strict=True) if wanted]


def gold_lines(text: str, zones: Sequence[Row]) -> list[str]:
    """The zone that most signs of each line lie in, from character offsets; "" for a blank line. Ties: the rarer."""
    signs = [BODY] * len(text)
    for zone in sorted(zones, key=lambda zone: _RANKS[_zone_of(zone["type"])]):
        start, end = max(0, zone["start"]), min(len(text), zone["end"])
        signs[start:end] = [_zone_of(zone["type"])] * max(0, end - start)
    labels: list[str] = []
    place = 0
    for line in text.split("\n"):
        counts = Counter(signs[place + at] for at, sign in enumerate(line) if not sign.isspace())
        labels.append(max(counts, key=lambda name: (counts[name], _RANKS[name])) if counts else "")
        place += len(line) + 1
    return labels


def _zone_of(kind: str) -> str:
    return next((zone for prefix, zone in _GOLD if kind.startswith(prefix)), BODY)


def _depth_agrees(row: Row) -> bool:
    lines = lines_of(row["text"])
    found = mail_starts(lines, header_spans(lines))
    return len(found) == [zone["type"] for zone in row["zones"]].count("Header")
