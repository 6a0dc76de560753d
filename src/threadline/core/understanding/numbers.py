"""Numbers that a desk gives out: orders, cases, accounts, loyalty cards, parcels. Found by the word before them."""

import re
from collections.abc import Iterator

from threadline.core.understanding.shapes import FoundFact

LABELS: dict[str, str] = {
    "order": r"orders?|ord|purchase|receipt|booking|reservation|invoice|bestell(?:ung|nummer)|auftrag|bestelling|"
    r"commande|pedido|encomenda|ordine|zamówienie|ordre|beställning",
    "case": r"case|cases|ref|reference|ticket|incident|complaint|vorgang|fall|aktenzeichen|dossier|zaak|caso|sag|"
    r"ärende",
    "account": r"account|acct|acc|a/c|customer|client|member|membership|policy|contract|konto|kunden?(?:nummer)?|"
    r"compte|cuenta|conta|klant(?:nummer)?|rekening",
    "loyalty": r"loyalty|card|points|bonus|reward|clubcard|treuekarte|kundenkarte|klantenkaart|fidélité|tarjeta|"
    r"tessera",
    "tracking": r"tracking|parcel|shipment|consignment|waybill|sendung(?:snummer)?|colis|zending|envío|spedizione",
}
CONNECTOR = (
    r"(?:\s+card)?\s*(?:(?:number|no|nr|num|id|code|ref|nummer|numéro|número|numero)\b)?\.?\s*(?:(?:is|"
    r"was|ist|est|es|è|é)\b\s*)?[:#№=\-]?\s*#?\s*"
)
NUMBER = r"(?P<value>[A-Za-z]{0,4}[-/ ]?\d[\dA-Za-z]*(?:[-/]\d[\dA-Za-z]*)*|[A-Z]{6})(?![\w-])"
NEXT = r"(?:\s+(?:as|for|under|with|a|my|your|the|our|number|no))*"
LABELLED = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in LABELS.items()),
    re.IGNORECASE,
)
AFTER = re.compile(CONNECTOR + NUMBER)
BEFORE = re.compile(r"(?:#\s?)?(?P<value>[A-Z]{1,3}\d{5,9}|\d{5,9})\s+as\s+(?:a|the|my)\s*$", re.IGNORECASE)
PREFIXED = re.compile(r"(?<![\w#-])(?P<value>[A-Z]{1,3}-\d{4,9})(?![\w-])")
YEAR = re.compile(r"(?:19|20)\d\d")
LEAST_DIGITS = {"order": 4, "case": 5, "account": 6, "loyalty": 6, "tracking": 8}


def number_key(value: str) -> str:
    """Digits alone where there are enough of them, because people drop the letters; else letters and digits."""
    digits = re.sub(r"\D", "", value)
    return digits if len(digits) >= 4 else re.sub(r"[\W_]", "", value).upper()


def labelled_numbers(text: str) -> Iterator[FoundFact]:
    """Those with a word before or after them that says what they are."""
    taken: set[int] = set()
    for label in LABELLED.finditer(text):
        name = label.lastgroup or ""
        match = AFTER.match(text, label.end()) or BEFORE.search(text, 0, label.start())
        if match and believable(name, match["value"]) and match.start("value") not in taken:
            taken.add(match.start("value"))
            yield fact(name, match)


def prefixed_numbers(text: str) -> Iterator[FoundFact]:
    """Letters, a dash and digits: how shops write orders. No word is needed."""
    for match in PREFIXED.finditer(text):
        yield fact("order", match)


def believable(name: str, value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    if YEAR.fullmatch(value):
        return False
    return digits >= LEAST_DIGITS[name] or (name == "order" and len(value) == 6 and value.isupper())


def fact(name: str, match: re.Match[str]) -> FoundFact:
    return FoundFact(name, match["value"], number_key(match["value"]), *match.span("value"), how="stated")
