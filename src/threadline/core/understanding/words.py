"""The words that carry what a text is about: without the everyday ones, cut to a stem, each with a weight."""

import re
import unicodedata
from functools import lru_cache

from threadline.core.touch import Touch
from threadline.core.understanding.shapes import Understanding

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
LINK = re.compile(r"https?://\S+|\S+@\S+|@\w+")
PERSONAL = frozenset({"name", "email", "phone", "handle", "postcode", "account", "loyalty"})
STEM = 6
# English, German, French, Spanish, Italian, Portuguese and Dutch.
EVERYDAY_WORDS = """
 a about after again all also am an and any are as at back be because been before being but by can could day days did
do does doing  don done down for from get gets getting go going good got had has have having he hello help her here hi
him his how i if in into is it  its just know last let like look make me month months more much my need new nice no
not nothing now of off ok okay old on once one only or  other our out over own please really reply said same say see
send sent she should since so some still such sure take tell than thank thanks thats that  the their them then there
these they thing things think this those time to today told tomorrow too try trying two under up us use using very
want was way we week weeks well went were what when where which while who why will with without work would yes
yesterday yet you your  year years dear sir madam regards kind best cheers anyone someone nobody customer caller spoke
call called team service support  number email mail phone account answer wait waiting hear heard come came give gave
given every ever never isn't can't i'm i've it's dont cant won't  doesn't didn't u ur im ive lol pls quick sorry
bother unfortunately hope advise urgent chasing line name question enquiry order re fwd another   aber als am an auch
auf aus bei bin bis das dass dem den der des die ein eine einen er es für habe haben hat ich ihr im in ist kann kein
keine  man mein meine mich mir mit nach nicht noch nur oder sehr seit sie sind so um und uns von war was wenn wer wie
wir wird zu zum zur danke bitte hallo  au aux avec ce cette ces dans de des du elle en est et être fait il je la le
les leur ma mais me mes mon ne nous on ou où par pas plus pour que qui sa  se ses si son sur ta te tout très un une
vos votre vous bonjour merci y el los las una unos con por para como más pero su sus mi mis lo le se si sin ya  está
este esta hola gracias che chi di da del della dei delle gli ho ha hanno il io non per più sono sul mio mia ciao
grazie um uma os as dos das no na nos nas  em com não mais meu minha seu sua foi está obrigado obrigada olá het een
van ik je jij we wij op te dat die er niet nog met voor maar naar bij zijn  heb hebt heeft mijn jullie kan wel ook dan
goed dank
"""
EVERYDAY = frozenset(EVERYDAY_WORDS.split())


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The stems of the telling words of a text."""
    plain = unicodedata.normalize("NFKD", LINK.sub(" ", text[:1500]).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = WORD.findall(plain)
    return frozenset(word[:STEM] for word in found if word not in EVERYDAY and (len(word) > 2 or word.isdigit()))


def matter_of(touch: Touch, understanding: Understanding) -> frozenset[str]:
    """What a touch is about: its words and page, without who says it and how to reach them."""
    page = str(touch.attributes.get("page") or touch.attributes.get("url") or "")
    subject = "" if touch.subject.lower().startswith("re:") else touch.subject
    return words_of(f"{subject} {understanding.without(touch.text, PERSONAL)} {page} {bought(touch)}")


def bought(touch: Touch) -> str:
    """What a purchase was of: later words about the thing belong to it."""
    items = touch.attributes.get("items")
    return " ".join(map(str, items)) if isinstance(items, list) else ""


def spelled(stems: frozenset[str], text: str) -> list[str]:
    """The first few stems as they stand in the text, for people to read."""
    found = {word[:STEM]: word for word in reversed(WORD.findall(text[:1500].casefold()))}
    return sorted(found.get(stem, stem) for stem in stems)[:3]


def weight(word: str) -> float:
    """Numbers and long words tell more than short ones."""
    if any(map(str.isdigit, word)):
        return 1.6
    return 1.0 if len(word) >= 5 else 0.7


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The weight of what two texts share."""
    return sum(weight(word) for word in one & other)
