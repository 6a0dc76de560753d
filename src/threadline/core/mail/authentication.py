"""Does the mail come from whom it names? What a mail server of ours found about that, as one verdict (RFC 8601).

Only fields that carry the name of a trusted server count: anybody can write one. A pass counts from the topmost of them
alone, a fail from any, so that a forged field below can only do harm to its own mail. Own code instead of `authres`,
which refuses the fields of Microsoft 365 and was last released in 2019.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pass", "fail", ""]
METHODS = ("spf", "dkim", "dmarc", "compauth")
NAMELESS = "microsoft"  # Microsoft 365 leaves out its name: then the topmost field counts, if it names no server
LONGEST = 4_000
MOST = 20
NESTED = 8
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"^\s*([a-z][a-z0-9-]{0,30})(?:/\d+)?\s*=\s*([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(header\.(?:from|d|i)|smtp\.(?:mailfrom|mfrom|helo))\s*=\s*\"?([^\s;\"]{1,320})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's finding, such as dkim, pass, example.com."""

    method: str
    result: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """`by` is the server that looked; empty where none that we trust did."""

    verdict: Verdict = ""
    by: str = ""
    because: str = ""  # the method that decided
    results: tuple[Result, ...] = ()


def check_sender(fields: Sequence[str], *, sender: str, trusted: Iterable[str]) -> SenderCheck:
    """What the trusted servers found about the address in From.

    Args:
        fields: values of Authentication-Results, the topmost first.
        sender: the address in From.
        trusted: names of servers (authserv-id) as the admin gave them; none means that nothing is believed.
    """
    names = {name.strip().lower() for name in trusted if name.strip()}
    own = [field[:LONGEST] for at, field in enumerate(fields[:MOST]) if _is_of(field, names, topmost=at == 0)]
    if not own:
        return SenderCheck()
    topmost, below = list(results_of(own[0])), [found for field in own[1:] for found in results_of(field)]
    domain = sender.rpartition("@")[2].lower()
    verdict, because = judged(topmost, below, domain)
    return SenderCheck(verdict, server_of(own[0]) or NAMELESS, because, tuple(topmost + below))


def judged(topmost: Sequence[Result], below: Sequence[Result], domain: str) -> tuple[Verdict, str]:
    """DMARC decides where it was looked up; else a signature or an envelope of the sender's own domain."""
    dmarc = _firsts("dmarc", (*topmost, *below))
    if "fail" in dmarc.values():
        return "fail", "dmarc"
    if any(aligned(each, domain) for each, result in _firsts("dmarc", topmost).items() if result == "pass"):
        return "pass", "dmarc"
    for method in ("dkim", "spf"):
        passed = (each.domain for each in topmost if (each.method, each.result) == (method, "pass"))
        if any(aligned(each, domain) for each in passed):
            return "pass", method
    return _failed((*topmost, *below))


def _failed(results: Sequence[Result]) -> tuple[Verdict, str]:
    """Without a word of DMARC: an envelope that its domain forbids, and no signature that holds."""
    if any((each.method, each.result) == ("compauth", "fail") for each in results):
        return "fail", "compauth"
    signed = any((each.method, each.result) == ("dkim", "pass") for each in results)
    forbidden = any(each.method == "spf" and each.result in ("fail", "hardfail") for each in results)
    return ("fail", "spf") if forbidden and not signed else ("", "")


def _firsts(method: str, results: Iterable[Result]) -> dict[str, str]:
    """Domain to result; of one domain the first, except that a fail outweighs."""
    found: dict[str, str] = {}
    for each in results:
        if each.method == method and (each.domain not in found or each.result == "fail"):
            found[each.domain] = each.result
    return found


def aligned(domain: str, sender: str) -> bool:
    """The same domain, or one below the other. Siblings need the list of public suffixes: they do not count."""
    return bool(domain and sender) and (
        domain == sender
        or (domain.endswith(f".{sender}") and "." in sender)
        or (sender.endswith(f".{domain}") and "." in domain)
    )


def _is_of(field: str, names: set[str], *, topmost: bool) -> bool:
    server = server_of(field[:LONGEST])
    return server in names if server else NAMELESS in names and topmost


def server_of(field: str) -> str:
    """The authserv-id; empty for a field that begins with a result at once."""
    first = without_comments(field).partition(";")[0].split()
    return "" if not first or "=" in first[0] or first[1:2] == ["="] else first[0].strip('"').lower()


def results_of(field: str) -> Iterator[Result]:
    for part in without_comments(field).split(";"):
        found = _RESULT.match(part)
        if found and found[1].lower() in METHODS:
            yield Result(found[1].lower(), found[2].lower(), _domain(found[1].lower(), part))


def _domain(method: str, part: str) -> str:
    """The domain that the result is about: of From for DMARC, of the signature, or of the envelope."""
    said = {name.lower(): value.lower() for name, value in _PROPERTY.findall(part)}
    wanted = {
        "dmarc": ("header.from",),
        "compauth": ("header.from",),
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.mfrom"),
    }
    value = next((said[name] for name in wanted[method] if name in said), "")
    return value.rpartition("@")[2].strip("<>.")


def without_comments(field: str) -> str:
    """Comments nest; what is left of one that does not end is cut off, since it hides the rest."""
    for _level in range(NESTED):
        if "(" not in field:
            break
        field = _COMMENT.sub(" ", field)
    return field.partition("(")[0]
