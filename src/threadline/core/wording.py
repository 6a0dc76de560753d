"""What a draft says that its writer may want to think about: it asks for what is known, or says *can't* for *won't*.

Looked for sentence by sentence with words of five languages, without a model: a warning must be the same every time,
and quick enough for every pause in typing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\S)[^.!?\n]*)*[.!?\n]?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# The things that people are asked for, as `core.understanding` names what it finds.
THINGS: Mapping[str, str] = {
    "order": r"(?:order|purchase) (?:number|no\b|id\b|ref)|number of (?:your|the) order|bestellnummer|auftragsnummer"
    r"|bestelnummer|ordernummer|num[ée]ro de (?:votre )?commande|n[úu]mero de(?:l| su)? pedido",
    "tracking": r"(?:tracking|parcel|shipment|consignment) (?:number|code|id\b)|sendungsnummer|track(?:ing)?-?code"
    r"|num[ée]ro de suivi|n[úu]mero de seguimiento",
    "product": r"(?:which|what) (?:product|item|model|article)\b|(?:product|model) (?:name|number)|welches produkt"
    r"|welk(?:e)? (?:product|artikel)|quel (?:produit|article)|qu[ée] (?:producto|art[íi]culo)",
    "phone": r"(?:phone|telephone|mobile|contact) number|telefonnummer|telefoonnummer|num[ée]ro de t[ée]l[ée]phone"
    r"|n[úu]mero de tel[ée]fono",
    "email": r"e-?mail(?: |-)?(?:address|adresse?)|adresse (?:e-?mail|[ée]lectronique)|correo electr[óo]nico|mailadres",
    "postcode": r"post(?:al )?code|zip code|postleitzahl|code postal|c[óo]digo postal",
    "name": r"(?:your|full|first|last) name\b|ihren? namen?\b|uw naam|votre nom\b|su nombre",
    "date": r"(?:on )?(?:which|what) (?:date|day)\b|date of (?:your )?(?:purchase|order|delivery)|kaufdatum"
    r"|bestelldatum|aankoopdatum|date d.achat|fecha de compra|when (?:did|have) you (?:buy|bought|order|purchase)",
    "account": r"(?:customer|account|client) (?:number|id\b)|kundennummer|klantnummer|num[ée]ro (?:de )?client",
    "loyalty": r"(?:loyalty|member(?:ship)?) (?:card|number)|kundenkarte|klantenkaart|carte de fid[ée]lit[ée]",
    "case": r"(?:case|ticket|reference) (?:number|id\b)|vorgangsnummer|zaaknummer|num[ée]ro de dossier",
}
_THINGS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in THINGS.items()}
_REQUEST = re.compile(
    r"\?|\b(?:could|can|would|will) you\b|\bplease\b|\blet (?:me|us) (?:know|have)"
    r"|\b(?:tell|send|give|email) (?:me|us)\b"
    r"|\b(?:we|i)(?:['’]ll| will|['’]d)? need\b|\bprovide\b|\bshare\b|\bconfirm\b|\bwhat(?:['’]s| is)\b|\bkindly\b"
    r"|\bbitte\b|\bk[öo]nn(?:en|ten) sie\b|\bteilen sie\b|\bnennen sie\b|\bkunt u\b|\bgraag\b|\bpouvez-vous\b"
    r"|\bpourriez-vous\b|\bveuillez\b|\bmerci de\b|\bpuede\b|\bpodr[íi]a\b|\bpor favor\b",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    r"\bcan(?:['’]?t|not| not)\b|\bcouldn['’]t\b|\b(?:un|not )able to\b|\b(?:not|n['’]t) possible\b|\bimpossible\b"
    r"|\bk[öo]nnen\b[^.!?]{0,60}\bnicht\b|\bkann\b[^.!?]{0,60}\bnicht\b|\bnicht m[öo]glich\b"
    r"|\bk(?:an|unnen)\b[^.!?]{0,60}\bniet\b|\bniet mogelijk\b"
    r"|\bne (?:pouvons|peux|peut)\b[^.!?]{0,20}\bpas\b|\bpas possible\b|\bno (?:podemos|puedo|es posible)\b",
    re.IGNORECASE,
)
# Their inability, not ours, and what people say who can.
_THEIRS = re.compile(r"\b(?:you|if|sie|wenn|u|je|als|vous|si|usted)\s+(?:[^\W\d_]+\s+){0,2}$", re.IGNORECASE)
_IDIOM = re.compile(r"^\s*(?:wait|thank|apologi[sz]e|stress|help but|say how|imagine|recommend)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asking:
    """The draft asks for a thing of this name."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Refusing:
    """The draft says that we can't, in a sentence that is about this subject."""

    subject: int
    words: str
    sentence: str


def asks_for(text: str) -> list[Asking]:
    """What the draft asks the customer for, each thing once."""
    found: dict[str, Asking] = {}
    for sentence in sentences(text):
        if not _REQUEST.search(sentence):
            continue
        for name, pattern in _THINGS.items():
            if name not in found and pattern.search(sentence):
                found[name] = Asking(name, sentence)
    return list(found.values())


def refuses(text: str, subjects: Mapping[int, Sequence[str]]) -> list[Refusing]:
    """Where the draft says *can't* about one of our subjects, each subject once.

    Args:
        subjects: number to the phrases that tell it. A phrase fits when all its words are in the sentence, or in it and
            the one before it together, in any order and with any ending.
    """
    found: dict[int, Refusing] = {}
    before = ""
    for sentence in sentences(text):
        words = cannot(sentence)
        if words:
            for subject, phrases in subjects.items():
                if subject not in found and (about(sentence, phrases) or about(f"{before} {sentence}", phrases)):
                    found[subject] = Refusing(subject, words, sentence)
        before = sentence
    return list(found.values())


def cannot(sentence: str) -> str:
    """The words that say *can't* of us; empty where it is the customer who can't, or nobody."""
    for match in _CANNOT.finditer(sentence):
        if not _THEIRS.search(sentence[: match.start()]) and not _IDIOM.match(sentence[match.end() :]):
            return match[0]
    return ""


def about(sentence: str, phrases: Sequence[str]) -> bool:
    """Whether all words of one of the phrases are in the sentence; `refund` is in `refunds` and `refunded`."""
    told = [word.lower() for word in _WORD.findall(sentence)]
    for phrase in phrases:
        wanted = [stem(word) for word in _WORD.findall(phrase)]
        if wanted and all(any(word.startswith(each) for word in told) for each in wanted):
            return True
    return False


def stem(word: str) -> str:
    """What endings leave of a word: `days` and `day` are `day`, `exchange` is found in `exchanging`."""
    lower = word.lower()
    return lower if len(lower) < 4 else lower.removesuffix("s").removesuffix("e")


def sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        sentence = " ".join(match[0].split())
        if sentence:
            yield sentence
