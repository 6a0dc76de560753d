"""Dates, amounts and products in a text: what the matter is about."""

import re
from collections.abc import Collection, Iterator

from threadline.core.understanding.shapes import FoundFact

AMOUNT = re.compile(
    r"(?P<sign>[£$€¥]|\b(?:EUR|USD|GBP|CHF|SEK|DKK|NOK|PLN)\b)\s?(?P<before>\d[\d.,]*\d|\d)"
    r"|(?<![\w.,])(?P<after>\d[\d.,]*\d|\d)\s?(?P<unit>€|£|\$|euros?\b|pounds?\b|dollars?\b|quid\b|zł|kr\b|(?:EUR|USD|GBP|CHF|SEK|DKK|NOK|PLN)\b)",
    re.IGNORECASE,
)
CURRENCIES = {
    "£": "GBP",
    "$": "USD",
    "€": "EUR",
    "¥": "JPY",
    "eur": "EUR",
    "pou": "GBP",
    "qui": "GBP",
    "dol": "USD",
    "zł": "PLN",
}
MONTHS = (
    "jan(?:uary|uar|vier|uari)?|feb(?:ruary|ruar|ruari)?|mar(?:ch|s)?|märz|maart|apr(?:il)?|may|mai|mei|june?|juni|juin|"
    "july?|juli|juillet|aug(?:ust|ustus)?|août|sep(?:t|tember|tembre)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|"
    "dec(?:ember)?|dez(?:ember)?|décembre"
)
DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{MONTHS})\b"
    rf"|(?:{MONTHS})\s\d{{1,2}}(?:st|nd|rd|th)?\b)",
    re.IGNORECASE,
)
BOUGHT = re.compile(
    r"\b(?:my|the|our|a|an|this|new)\s+(?P<value>[a-z][\w-]+(?:\s[a-z][\w-]+)?)\s+(?:that\s|which\s)?"
    r"(?:i|we)(?:'ve|\shave)?\s(?:just\s)?(?:bought|ordered|purchased|got|received)\b",
    re.IGNORECASE,
)


def found_things(text: str, products: Collection[str] = ()) -> Iterator[FoundFact]:
    if any(map(str.isdigit, text)):
        yield from found_amounts(text)
        for match in DATE.finditer(text):
            yield FoundFact("date", match[0], match[0].lower(), *match.span())
    yield from found_products(text, products)


def found_amounts(text: str) -> Iterator[FoundFact]:
    for match in AMOUNT.finditer(text):
        unit = (match["sign"] or match["unit"]).lower()
        number = match["before"] or match["after"]
        currency = CURRENCIES.get(unit, CURRENCIES.get(unit[:3], unit.upper()))
        yield FoundFact("amount", match[0], f"{currency} {plain_number(number)}", *match.span())


def plain_number(written: str) -> str:
    """1.234,50 and 1,234.50 are the same amount: the last mark followed by one or two digits is the decimal one."""
    whole, mark, cents = written, "", ""
    if decimal := re.search(r"[.,](\d{1,2})$", written):
        whole, mark, cents = written[: decimal.start()], ".", decimal[1]
    return re.sub(r"\D", "", whole) + (mark + cents if cents.strip("0") else "")


def found_products(text: str, products: Collection[str]) -> Iterator[FoundFact]:
    for match in BOUGHT.finditer(text):
        yield FoundFact("product", match["value"], match["value"].lower(), *match.span("value"))
    if products:
        lowered = text.lower()
        for product in products:
            at = lowered.find(product)
            if at >= 0 and not lowered[max(0, at - 1) : at].isalnum():
                yield FoundFact("product", text[at : at + len(product)], product, at, at + len(product))
