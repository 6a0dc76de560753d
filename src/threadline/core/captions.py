"""Captions of a video as WebVTT: what somebody wrote made sound, or plain sentences spread over its length.

Source: WebVTT, the Web Video Text Tracks Format (W3C). Notes are kept; styles and regions are left out.
"""

import re

MOST_CHARS = 40_000
MOST_CUES = 500
_MOMENT = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"^{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t].*)?$")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def webvtt(written: str, *, seconds: int) -> str:
    """A WebVTT file.

    Args:
        written: a WebVTT file, or plain words: each sentence is then shown for its share of the video.
        seconds: how long the video is.

    Returns:
        Only times and words, as any player takes them; empty for nothing but space.

    Raises:
        ValueError: it begins like WebVTT and is none, or is too long; with what to do, in words.
    """
    text = written.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").lstrip("\ufeff").strip()
    if not text:
        return ""
    if len(text) > MOST_CHARS:
        raise ValueError(f"The captions have {len(text):,} characters; {MOST_CHARS:,} go. Shorten them.")
    cues = _read(text) if re.match(r"WEBVTT(?:[ \t\n]|$)", text) else _spread(text, seconds)
    if len(cues) > MOST_CUES:
        raise ValueError(f"These are {len(cues)} captions; {MOST_CUES} go. Put some together.")
    blocks = (f"{moment(start)} --> {moment(end)}\n{words}" for start, end, words in cues)
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def moment(milliseconds: int) -> str:
    """`00:01:02.345`"""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _read(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for number, block in enumerate(re.split(r"\n{2,}", text)[1:], 1):
        lines = block.split("\n")
        if lines[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        at = next((index for index, line in enumerate(lines[:2]) if "-->" in line), None)
        times = _TIMES.match(lines[at].strip()) if at is not None else None
        if at is None or times is None:
            raise ValueError(
                f"Caption {number} has no times such as 00:01.000 --> 00:04.000. Put them above its words."
            )
        start, end = _milliseconds(*times.groups()[:4]), _milliseconds(*times.groups()[4:])
        words = "\n".join(line.strip() for line in lines[at + 1 :] if line.strip()).replace("-->", "→")
        if end <= start:
            raise ValueError(f"Caption {number} ends before it begins. Correct its times.")
        if words:
            found.append((start, end, words))
    if not found:
        raise ValueError("There is no caption in this file. Each is a line with two times, and its words below.")
    return sorted(found, key=lambda cue: cue[0])


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _spread(text: str, seconds: int) -> list[tuple[int, int, str]]:
    """Each sentence for as long as its part of all characters."""
    said = [each.strip().replace("-->", "→") for each in _SENTENCE.split(text) if each.strip()]
    whole, length = max(1, seconds) * 1000, sum(map(len, said))
    found, before = [], 0
    for each in said:
        start, end = whole * before // length, whole * (before + len(each)) // length
        found.append((start, max(end, start + 1), each))
        before += len(each)
    return found
