"""Numbers that are nobody else's business: of payment cards, of bank accounts, of persons. Each by its check digits."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from threadline.core.redaction import DOTS, luhn

KEPT = 4
CARD, IBAN, PERSON = "card", "iban", "person number"
# Not within a longer word, an address of the web or a decimal number; the end of a sentence may follow.
CARD_NUMBER = re.compile(r"(?<![\w./=&#-])\d(?:[ -]?\d){12,18}(?!\.?\w|-\w)")
IBAN_NUMBER = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
CARDS: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3(?:0[0-5]|[689])"), (14,)),
    (re.compile(r"6011|64[4-9]|65|35(?:2[89]|[3-8])"), (16, 19)),
    (re.compile(r"50|5[6-9]|6[0-9]"), (16, 18, 19)),
)


class Sensitive(NamedTuple):
    what: str
    value: str
    start: int
    end: int


def sensitive_in(text: str) -> Iterator[Sensitive]:
    if not any(map(str.isdigit, text)):
        return
    for match in CARD_NUMBER.finditer(text):
        if card(re.sub(r"\D", "", match[0])):
            yield Sensitive(CARD, match[0], *match.span())
    for match in IBAN_NUMBER.finditer(text):
        if iban(match[0]):
            yield Sensitive(IBAN, match[0], *match.span())
    for pattern, right in PERSONS:
        for match in pattern.finditer(text):
            if right(match[0]):
                yield Sensitive(PERSON, match[0], *match.span())


def masked(text: str, *, dots: str = DOTS) -> tuple[str, list[str]]:
    """The text with dots in place of such numbers, and what was hidden.

    Of cards and accounts the last four stay, by which their owner knows them; of a person's number nothing does.
    """
    pieces, at, hidden = [], 0, []
    for each in sorted(sensitive_in(text), key=lambda each: (each.start, -each.end)):
        if each.start < at:
            continue
        last = re.sub(r"[^A-Za-z0-9]", "", each.value)[-KEPT:]
        pieces += [text[at : each.start], dots if each.what == PERSON else f"{dots} {last}"]
        at = each.end
        hidden.append(each.what)
    return "".join([*pieces, text[at:]]), hidden


def card(digits: str) -> bool:
    """Whether a number can be one of a payment card: what it begins with, how long it is, its check digit.

    Source: ISO/IEC 7812, as Visa, Mastercard, American Express, Diners, Discover, JCB and Maestro give them out.
    """
    fits = any(len(digits) in lengths and begins.match(digits) for begins, lengths in CARDS)
    return fits and len(set(digits)) > 1 and luhn(digits)


def iban(written: str) -> bool:
    """Whether its check digits are right. Source: ISO 13616, ISO 7064 (mod 97-10)."""
    plain = written.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


# ---- numbers of persons --------------------------------------------------------------------------------------------


def _ssn(written: str) -> bool:
    """United States: no area 000, 666 or 9xx, no group 00, no serial 0000. Source: SSA, randomisation of 2011."""
    area, group, serial = written.split("-")
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _nino(written: str) -> bool:
    """United Kingdom. Source: HMRC NIM39110."""
    return written[:2].upper() not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def _rijksregister(written: str) -> bool:
    """Belgium: 97 minus the rest of the first nine digits, with a 2 before those born since 2000."""
    digits = re.sub(r"\D", "", written)
    body, check = int(digits[:9]), int(digits[9:])
    return check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)


def _bsn(written: str) -> bool:
    """The Netherlands: the eleven-test."""
    digits = [int(each) for each in re.sub(r"\D", "", written)]
    return sum(digits) > 0 and sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


def _personnummer(written: str) -> bool:
    """Sweden: Luhn over the last ten digits."""
    return luhn(re.sub(r"\D", "", written)[-10:])


def _nir(written: str) -> bool:
    """France: 97 minus the rest of the first thirteen digits (Corsica counts as 19 and 18)."""
    plain = re.sub(r"\s", "", written).upper().replace("2A", "19").replace("2B", "18")
    return plain.isdigit() and int(plain[13:]) == 97 - int(plain[:13]) % 97


def _dni(written: str) -> bool:
    """Spain: the letter follows from the rest by 23."""
    plain = re.sub(r"\W", "", written).upper().translate(str.maketrans("XYZ", "012", ""))
    return plain[:8].isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(plain[:8]) % 23] == written.strip()[-1].upper()


Check = Callable[[str], bool]
PERSONS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), _ssn),
    (re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _nino),
    (re.compile(r"(?<!\d)\d{2}[.]\d{2}[.]\d{2}-\d{3}[.]\d{2}(?!\d)"), _rijksregister),
    (re.compile(r"(?i)(?<=bsn )\d{9}(?!\d)|(?<=bsn: )\d{9}(?!\d)|(?<=burgerservicenummer )\d{9}(?!\d)"), _bsn),
    (re.compile(r"(?<![\d-])(?:19|20)?\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])[-+]\d{4}(?![\d-])"), _personnummer),
    (re.compile(r"(?<!\d)[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)"), _nir),
    (re.compile(r"\b(?:\d{8}|[XYZ]\d{7})-?[A-Z]\b"), _dni),
)
