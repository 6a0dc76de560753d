"""Is it a question, a complaint, praise, or noise that concerns nobody? Words in eight languages, no model."""

import re

from threadline.core.touch import Direction, Touch

BULK = re.compile(
    r"\bunsubscribe\b|\bnewsletter\b|\bwebinar\b|\bearly bird\b|\b(?:daily|weekly|monthly) digest\b|\bregister "
    r"(?:now|today|here)\b"
    r"|\bview (?:this|in your) browser\b|\bwhite ?paper\b|\bspecial offer\b|\bexhibitors?\b|\bmailbox is not "
    r"monitored\b|\bdo not reply to this\b|\bremove me from\b.{0,20}\blist\b",
    re.IGNORECASE,
)
SPAM = re.compile(
    r"\bcrypto\b|\bbitcoin\b|\bforex\b|\b(?:free|cheap|buy|gain|more) (?:\w+ )?followers\b|\blink in (?:my "
    r")?bio\b|\byou(?:'ve| have)? won\b(?!['’])"
    r"|\bclick (?:here|below|the link)\b|\bverify your (?:password|mailbox|account)\b|\bmailbox is (?:almost )?full\b"
    r"|\bbusiness proposal\b|\bleading (?:manufacturer|supplier|exporter)\b|\b(?:seo|backlinks?|guest post)\b|"
    r"\bcasino\b|\blottery winner\b"
    r"|\binheritance\b|\bviagra\b|\bdear (?:friend|beneficiary)\b|\bwork from home\b|\bearn (?:up to )?[$£€]|"
    r"\brank(?:ed|ing)? (?:first|higher|on google|#?1)\b"
    r"|\bhot singles\b|\bpage (?:one|1) of google\b|\bpayday\b|\bonline pharmacy\b",
    re.IGNORECASE,
)
WRONG = re.compile(
    r"\bwrong number\b|\brobo-?call\b|\bsilent call\b|\bsales call\b|\bcold call\b|\bhung up\b|\bprank\b|\bno "
    r"answer, line\b"
    r"|\bplaying with (?:the )?phone\b|\bpocket (?:dial|call)|\bmisdial|\bmarketing call\b|\bline dead\b|"
    r"\bcaller silent\b|\bmeant to call\b"
    r"|\bsell(?:ing)? us\b",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"^(?:re:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|answer)|out of (?:the )?office|"
    r"undeliver(?:ed|able)|delivery (?:status|failure)"
    r"|abwesenheit|automatische antwort|réponse automatique|respuesta automática|risposta automatica|automatisch "
    r"antwoord|auto:)"
    r"|\bdelivery (?:has )?failed\b|\bout of (?:the )?office\b|\bmailbox full\b|\bnicht im büro\b|\bon annual leave\b",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"^(?:lol|lmao) \w+|\bwho else\b|\b(?:we(?:'re| are) )?hiring\b|\bapply (?:now|in|via|through)\b|\banyone "
    r"(?:else )?(?:remember|old enough)\b|\bgiveaway\b",
    re.IGNORECASE,
)
PROBE = re.compile(
    r"wp-login|wp-admin|xmlrpc|robots\.txt|\.env\b|\.git/|\.php\b|phpmyadmin|/cgi-bin|%27|%3cscript|<script|"
    r"union\+select|\.\./|sitemap\.xml",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"\b(?:not|never|no|n[o']t|\w+n['’]t|nothing|nobody|worst|awful|terrible|broken?|broke|dead|fault\w*|fail\w*|"
    r"wrong|missing|lost|late|delay\w*|"
    r"crash\w*|cancel\w*|refund|charged|overcharged|rude|useless|ridiculous|disgust\w*|disappoint\w*|"
    r"unacceptable|angry|annoy\w*|pathetic|"
    r"still|again|stuck|leak\w*|damag\w*|stopped|hate|joke|scam|shame|poor|slow|error|problem|issue|waiting|"
    r"unhappy|complain\w*|"
    r"nicht|kein\w*|kaputt|immer noch|wieder|fehler|falsch|verspät\w*|pas|jamais|cassé|toujours|panne|erreur|"
    r"retard|no funciona|nunca|roto|"
    r"sigue|todavía|error|non|rotto|ancora|guasto|mai|não|nunca|ainda|avaria|niet|geen|kapot|nog steeds|stuk|"
    r"fout|weer)\b",
    re.IGNORECASE,
)
POSITIVE = re.compile(
    r"\b(?:fantastic|amazing|brilliant|excellent|wonderful|superb|great|awesome|lovely|love|best|perfect|well "
    r"done|kudos|credit where|hats off|"
    r"impressed|delighted|shout ?out|thank you so much|outstanding|top notch|first class|five stars|"
    r"super|toll|klasse|danke|merci|génial|gracias|genial|grazie|ottimo|obrigad[oa]|ótimo|bedankt|geweldig|prima)\b",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"\b(?:thanks?|thx|ty|cheers|much appreciated|appreciate (?:it|that|this|your)|danke|merci|gracias|grazie|"
    r"obrigad[oa]|bedankt|sorted|all good|"
    r"that worked|works now|working now|fixed now)\b",
    re.IGNORECASE,
)


def noise_reason(touch: Touch) -> str:
    """Why this touch concerns nobody, in words; empty if it may concern somebody."""
    if touch.automatic:
        return touch.automatic
    if touch.direction == Direction.OUT:
        return ""
    if touch.kind == "web" and touch.direction == Direction.EVENT:
        return "A probe by a program, not a visitor." if PROBE.search(page_of(touch)) else ""
    return worded_noise(touch)


def worded_noise(touch: Touch) -> str:
    both = f"{touch.subject}\n{touch.text}"
    if touch.kind == "email" and AWAY.search(both):
        return "An automatic reply."
    if touch.kind == "phone" and WRONG.search(both):
        return "A call that was not meant for us."
    if len(both) < 400 and SPAM.search(both):
        return "Unwanted advertising."
    if touch.kind == "email" and BULK.search(both):
        return "A bulk mailing."
    if touch.public and "?" not in both and ASIDE.search(touch.text):
        return "Said about us, not to us."
    return ""


def page_of(touch: Touch) -> str:
    return str(touch.attributes.get("page") or touch.attributes.get("url") or "")


def mood_of(text: str) -> tuple[str, str]:
    """(triage, mood) by counting words on both sides; a question mark decides where neither prevails."""
    negative, positive = len(NEGATIVE.findall(text)), len(POSITIVE.findall(text))
    if positive and positive > negative and "?" not in text:
        return "praise", "happy"
    if negative >= 2 or (negative and "?" not in text):
        return "complaint", "angry" if negative > 3 or text.count("!") > 2 else "unhappy"
    if not negative and "?" not in text and THANKS.search(text) and len(text) < 90:
        return "praise", "happy"
    return "question", ""
