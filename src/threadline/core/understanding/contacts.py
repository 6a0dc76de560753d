"""Ways to reach somebody, as people write them: addresses, telephone numbers, names on social networks, postcodes."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from threadline.core.understanding.shapes import FoundFact

EMAIL = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w#£$€.,/-])(?:\+|00)?\(?\d[\d \-().]{6,18}\d(?![\w-])")
POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")
OTHER_POSTCODE = re.compile(
    r"\b(?:post ?code|zip(?: code)?|plz|postleitzahl|code postal|postcode)\W{1,3}(?:is\s+)?([A-Z\d][A-Z\d "
    r"-]{2,8}[A-Z\d])",
    re.IGNORECASE,
)
DOUBT = re.compile(
    r"not (?:yet )?(?:verified|confirmed|checked)|unverified|says the e-?mail|"
    r"\bclaim(?:s|ed|ing) (?:to|that|it|he|she|this|their|his|her|my|an?|e-?mail|address)\b",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"^(?:>\s*)?(?:From|Von|De|Van|Da)\s*:.*$", re.IGNORECASE | re.MULTILINE)
SIGNED = re.compile(r"(?:^|\n)[ \t]*(?:[A-Za-zéè]{1,9}[.:]?[ \t]*){0,2}$")
OWN = re.compile(
    r"\b(?:my|mine|me|i|i'm|under|usual|e-?mail|mail|address|number|phone|mobile|tel|call|reach|account|meine?|"
    r"mijn|mon|ma|mi|il mio)\b",
    re.IGNORECASE,
)
NETWORKS = {
    "x": r"twitter|x\.com|x",
    "facebook": r"facebook|fb|messenger",
    "community": r"forum|community|board",
    "reviewer": r"reviews?|rating",
    "instagram": r"instagram|insta|ig",
}
AT_HANDLE = re.compile(r"(?<![\w@/])@(\w{3,30})\b")
NETWORK = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in NETWORKS.items()}
CALLED = re.compile(
    r"\b(?P<net>forum|community|facebook|fb|messenger|review|twitter|instagram|x)\s+(?:user\s?)?"
    r"(?:name|handle|nick(?:name)?|account|profile|id|user)\b(?:\s+is|"
    r"\s*[:=])?\s+@?(?P<value>[^\W_][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){0,3})",
    re.IGNORECASE,
)
REVIEWS_AS = re.compile(
    r"\b(?:reviews?|post|posted|write|sign)\b[^.!?\n]{0,25}?\b(?:as|under)\s+(?:the "
    r"name\s+)?(?P<value>\w[\w.-]{2,30}\w)",
    re.IGNORECASE,
)
REGIONS = {"de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pt": "PT", "pl": "PL"}


@lru_cache(maxsize=65_536)
def e164(written: str, region: str = "GB") -> str:
    """The number in E.164, or empty when it can not be one. Source: libphonenumber's plan for each country."""
    digits = re.sub(r"[^\d+]", "", written.replace("(0)", ""))
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def found_contacts(text: str, region: str) -> Iterator[FoundFact]:
    """Each kind is looked for only where a cheap look says that it may be there."""
    if "@" in text:
        yield from found_emails(text)
        yield from found_at_handles(text)
    if any(map(str.isdigit, text)):
        yield from found_phones(text, region)
        yield from found_postcodes(text)
    yield from found_named_handles(text)


def found_emails(text: str) -> Iterator[FoundFact]:
    forwarded = [match.span() for match in FORWARDED.finditer(text)]
    for match in EMAIL.finditer(text):
        inside = any(start <= match.start() < end for start, end in forwarded)
        value = match[0].strip(".'-")
        how = "forwarded" if inside else manner(text, match)
        yield FoundFact("email", value, email_key(value), match.start(), match.start() + len(value), how=how)


def manner(text: str, match: re.Match[str]) -> str:
    """How an address stands in its sentence: stated as one's own, doubted, or merely mentioned."""
    around = text[max(0, match.start() - 40) : match.end() + 30]
    if DOUBT.search(around):
        return "doubted"
    return "stated" if OWN.search(text[max(0, match.start() - 40) : match.start()]) else "mentioned"


def email_key(value: str) -> str:
    """Lower case and without the plus tag, which the same person varies."""
    local, _, domain = value.strip().lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def found_phones(text: str, region: str) -> Iterator[FoundFact]:
    for match in PHONE.finditer(text):
        digits = sum(map(str.isdigit, match[0]))
        if not 9 <= digits <= 15 or not match[0].lstrip("(").startswith(("+", "0")):
            continue
        key = e164(match[0], region)
        if key:
            signed = SIGNED.search(text[: match.start()]) and match.start() > 0
            how = "signed" if signed else manner(text, match)
            yield FoundFact("phone", match[0], key, *match.span(), how=how)


def found_postcodes(text: str) -> Iterator[FoundFact]:
    for match in POSTCODE.finditer(text):
        yield FoundFact("postcode", match[0], match[1] + match[2], *match.span(), how="stated")
    for match in OTHER_POSTCODE.finditer(text):
        key = re.sub(r"\W", "", match[1]).upper()
        yield FoundFact("postcode", match[1], key, *match.span(1), how="stated")


def found_at_handles(text: str) -> Iterator[FoundFact]:
    """`@name` counts as the writer's own only where the sentence names the network and speaks of "my" or "I"."""
    for match in AT_HANDLE.finditer(text):
        around = text[max(0, match.start() - 30) : match.end() + 22]
        network = next((name for name, pattern in NETWORK.items() if pattern.search(around)), "")
        if network:
            yield handle(network, match[1], match.span(1))


def found_named_handles(text: str) -> Iterator[FoundFact]:
    for match in CALLED.finditer(text):
        network = {
            "fb": "facebook",
            "messenger": "facebook",
            "forum": "community",
            "review": "reviewer",
            "twitter": "x",
        }
        name = match["net"].lower()
        network_name = network.get(name, name)
        value = profile_name(match["value"], several_words=network_name == "facebook")
        yield handle(network_name, value, (match.start("value"), match.start("value") + len(value)))
    for match in REVIEWS_AS.finditer(text):
        yield handle("reviewer", match["value"], match.span("value"))


def profile_name(written: str, *, several_words: bool) -> str:
    """Without the next sentence, which may begin with a capital too; few networks have names of several words."""
    words = re.split(r"(?<=[.!?])\s", written)[0].split()
    return " ".join(words if several_words else words[:1]).rstrip(".'’-")


def handle(network: str, value: str, span: tuple[int, int]) -> FoundFact:
    return FoundFact("handle", value, f"{network}:{value.lower().lstrip('@')}", *span, how="stated")
