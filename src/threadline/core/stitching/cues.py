"""What the wording says about old matter or new: follow-ups, thanks, broken promises, recurrences, openings."""

import re
from functools import lru_cache

FOLLOW_UP = re.compile(
    r"\b(?:any (?:news|update|progress|word)|update\?|follow(?:ing)?[- ]?up|chas(?:e|ing)|remind(?:er|ing)|still "
    r"(?:nothing|waiting|no|not|the same|happening)|"
    r"no (?:answer|reply|response|news)|not heard|haven['’]t heard|heard nothing|(?:please|pls) (?:reply|respond|"
    r"answer)|get back to me|come back to me|"
    r"my (?:last|previous|earlier) (?:message|mail|e-?mail|tweet|call|post)|did you (?:get|receive|see)|as (?:i "
    r")?(?:said|discussed|agreed|promised|mentioned|asked|requested)|"
    r"(?:you|he|she|they) asked|attached|(?:here (?:is|are)|sending|sent)\b|below|once more|are you there|anyone "
    r"there|what(?:['’]s| is) happening|where are we|"
    r"gibt es (?:etwas )?neu|noch (?:immer )?nicht|immer noch|warte|toujours|des nouvelles|todavía|sigo|alguna "
    r"novedad|ancora|novità|ainda|novidades|nog steeds|nog niet|iets gehoord)",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|nah|ok|okay|sure|thanks?|thank you|thx|cheers|great|perfect|brilliant|done|"
    r"it(?:['’]s| is| was| does| did)|that(?:['’]s| is| did| does| worked)|"
    r"i (?:have|did|tried|just tried|already)|i['’]ve|tried|just tried|so\b|and\b|but\b|also\b|still\b|not "
    r"working|same\b|already|well\b|hello\W*\?|exactly|correct|right\b|"
    r"because|cool|awesome|got it|will do|of course|sorry|oh\b|hmm|ah\b|ja\b|nein|oui|non\b|sí\b|si\b|sim\b|não|"
    r"nee\b|danke|merci|gracias|grazie|bedankt|sorted)",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"^\W*(?:it|they|this|that|these|those|he|she|them|which|both|neither|either|all of them)\b", re.IGNORECASE
)
CLOSING = re.compile(
    r"\b(?:thanks?|thank you|thx|cheers|appreciated?|danke|merci|gracias|grazie|obrigad[oa]|bedankt)\b|"
    r"\b(?:sorted|all good|that worked|works? now|working now|fixed now|solved|resolved)\b",
    re.IGNORECASE,
)
SETTLED_BY_US = re.compile(
    r"\b(?:this is fixed|(?:is|has been|now) (?:fixed|settled|resolved|solved|completed|refunded|closed|sorted)|"
    r"we(?:['’]ve| have) (?:completed|fixed|refunded|resolved|settled|sorted|closed)|"
    r"glad (?:to hear|it)|you['’]re welcome|happy to help|erledigt|gelöst|résolu|resuelto|risolto|resolvido|"
    r"opgelost)\b",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"\b(?:promis\w+|you (?:said|told me|assured)|never (?:was|did|done|came|happened|arrived)|wait(?:ed|ing) "
    r"since|still waiting|closed (?:this|it|my \w+) too (?:early|soon)|"
    r"(?:thought|said) it was (?:sorted|fixed|solved|done)|spoke too soon|not (?:been )?(?:kept|done as)|"
    r"versprochen|promis|prometi\w+|promesso|beloofd)\b",
    re.IGNORECASE,
)
RECURRENCE = re.compile(
    r"\b(?:again|once more|d[eé]j[aà][- ]?vu|(?:same|exactly) (?:\w+ )?as (?:in|last)|happening again|it(?:['’]s|"
    r" is) back|is back|returned|another time|second time|third time|"
    r"wieder|schon wieder|à nouveau|encore|otra vez|de nuevo|di nuovo|de novo|opnieuw|weer)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"\b(?:how (?:do|can|would|should|long|much|many)|what (?:is|are|do|does|time|kind)|where (?:is|are|can|do)|"
    r"can (?:i|you|we)|could (?:i|you)|do (?:you|i)|is (?:it|there)|are (?:you|there)|"
    r"i(?:['’]d| would)? (?:like|want|need|wish)|i am (?:trying|writing|looking)|i['’]m (?:trying|looking)|i "
    r"(?:bought|ordered|booked|received|got) |why (?:is|are|do|does|was|did|am)|my \w+ (?:is|are|was|has|have)|"
    r"just wanted to)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\?|\b(?:please (?:send|provide|share|tell|confirm|dm|let us know)|could you|can you|dm us|send us|let us know)\b",
    re.IGNORECASE,
)
CLOSING_CHARS, SHORT_CHARS = 110, 60
NAMED = {
    "email": re.compile(r"\be-?mail(?:s|ed|ing)?\b|\bmail(?:s|ed)?\b|\bwrote to you\b", re.IGNORECASE),
    "phone": re.compile(
        r"\b(?:called|phoned?|rang|on the phone|spoke (?:to|with)|(?:my|last|a) call)\b", re.IGNORECASE
    ),
    "chat": re.compile(r"\b(?:chat(?:ted|ting)?|live chat)\b", re.IGNORECASE),
    "x": re.compile(r"\b(?:tweet(?:s|ed)?|twitter|dm(?:['’]?d|ed)?)\b", re.IGNORECASE),
    "whatsapp": re.compile(r"\bwhats ?app\b", re.IGNORECASE),
    "facebook": re.compile(r"\b(?:facebook|messenger)\b", re.IGNORECASE),
    "store": re.compile(r"\b(?:in (?:the|your|a) (?:\w+ )?(?:store|shop|branch)|at the counter)\b", re.IGNORECASE),
    "sms": re.compile(r"\b(?:sms|text(?:ed)? you)\b", re.IGNORECASE),
    "review": re.compile(r"\breview(?:ed)?\b", re.IGNORECASE),
}


@lru_cache(maxsize=16_384)
def leaning(text: str) -> float:
    """Bits by which the wording alone leans to an old matter (above 0) or a new one (below)."""
    bits = 0.0
    if FOLLOW_UP.search(text):
        bits += 2.0
    if ANSWER.search(text) or POINTING.search(text):
        bits += 1.5
    if len(text) < SHORT_CHARS:
        bits += 0.7
    if OPENING.search(text):
        bits -= 1.0
    return bits


def thanks(text: str) -> bool:
    """A short text that says thanks and asks nothing: the end of a matter, rarely the start of one."""
    return len(text) < CLOSING_CHARS and "?" not in text and bool(CLOSING.search(text))


@lru_cache(maxsize=16_384)
def channels_named(text: str) -> frozenset[str]:
    """The kinds of channel that a text speaks of: "as I wrote in my mail"."""
    return frozenset(kind for kind, wording in NAMED.items() if wording.search(text))
