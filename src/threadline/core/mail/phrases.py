"""What people say at the edges of a mail: greetings, closings, signatures of devices. Many languages, by hand."""

import re

_GREETINGS = (
    r"hi|hello|hey|hiya|howdy|dear|greetings|good (?:morning|afternoon|evening|day)|to whom it may concern|"
    r"gents|ladies|gentlemen|folks|team|"
    r"hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|lieber|moin|servus|gr[üu](?:ß|ss) (?:gott|"
    r"dich|euch)|grüezi|"
    r"bonjour|bonsoir|salut|coucou|ch[èe]re?s?|madame|monsieur|hola|buen[oa]s (?:d[íi]as|tardes|noches)|"
    r"estimad[oa]s?|querid[oa]s?|"
    r"ciao|salve|buon ?giorno|buona ?sera|gentile|egregi[oa]|spett(?:\.|abile)|car[oaie]|beste|geachte|"
    r"goede(?:morgen|middag|navond)|goedendag|dag|lieve|"
    r"ol[áa]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]s?|car[oa]s|hej(?:san)?|god (?:morgon|kv[äa]ll|dag|"
    r"morgen|aften)|hei|kj[æa]re|k[æa]re|b[äa]sta|hyv[äa][äa]? \w+|moi|terve|"
    r"cze[śs][ćc]|dzie[ńn] dobry|witam|szanown[aiey]\w*|drog[ia]|dobr[ýy] den|ahoj|v[áa][žz]en[ýáíy]|kedves|"
    r"tisztelt|szia|jó napot|bun[ăa] ziua|salutare|stimat[ăe]?|"
    r"здравствуйте|добрый (?:день|вечер)|доброе утро|привет|уважаем\w+|добрий день|вітаю|шановн\w+|merhaba|"
    r"selam|say[ıi]n|iyi günler|γεια σας|αγαπητ\w+|"
    r"您好|你好|尊敬的|亲爱的|各位|こんにちは|お世話になって|おはよう|拝啓|안녕하세요|مرحبا|السلام عليكم|שלום|"
    r"xin chào|kính gửi|halo|yth\.?|"
    r"namaste|aloha"
)
_CLOSINGS = (
    r"thank(?:s| you)|thanx|thx|tia|many thanks|much (?:thanks|appreciated)|ok(?:ay)?,? (?:many )?thanks|"
    r"(?:best|kind|warm(?:est)?|many|with(?: kind| best)?)? ?regards|best|rgds|cheers|"
    r"all the best|(?:yours )?(?:sincerely|truly|faithfully)|yours|respectfully|cordially|take care|"
    r"have a (?:good|great|nice) \w+|love|"
    r"best wishes|(?:with )?(?:best|kind(?:est)?) (?:regards|wishes)|talk (?:to you )?(?:soon|later)|see you|"
    r"later|peace|"
    r"(?:mit )?(?:freundlich|lieb|best|herzlich|sch[öo]n|viel)\w* (?:gr[üu](?:ß|ss)\w*|dank)|gr[üu](?:ß|"
    r"ss)e?n?|mfg|lg|vg|danke(?: sch[öo]n| und gruß)?|vielen dank|besten dank|hochachtungsvoll|"
    r"viele gr[üu](?:ß|ss)e|bis (?:dann|bald)|"
    r"(?:bien )?cordialement|bien [àa] vous|(?:meilleures )?salutations|sinc[èe]res salutations|"
    r"merci(?: d['’]avance| beaucoup)?|amicalement|bonne (?:journ[ée]e|soir[ée]e)|bises|[àa] bient[ôo]t|"
    r"saludos(?: cordiales)?|un saludo|atentamente|(?:muchas )?gracias|cordialmente|un abrazo|"
    r"(?:cordiali |distinti )?saluti|grazie(?: mille)?|cordialmente|buona giornata|un saluto|"
    r"(?:met )?(?:vriendelijke?|hartelijke?) groet(?:en)?|mvg|groet(?:en|jes)?|(?:alvast )?(?:bedankt|"
    r"dank(?: u| je)?(?: wel)?)|hoogachtend|"
    r"(?:muito )?obrigad[oa]|atenciosamente|cumprimentos|com os melhores cumprimentos|abra[çc]os?|att\.?|grat[oa]|"
    r"(?:med )?(?:v[äa]nlig(?:a)?|b[äa]sta|vennlig|venlig|mvh)\w* ?(?:h[äa]lsning(?:ar)?|hilsen)?|mvh|"
    r"h[äa]lsningar|tack(?: p[åa] f[öo]rhand)?|hilsen|takk|tak|yst[äa]v[äa]llisin terveisin|terveisin|kiitos|"
    r"pozdrawiam|z powa[żz]aniem|dzi[ęe]kuj[ęe]|pozdrowienia|s pozdravem|d[ěe]kuji|s [úu]ctou|"
    r"[üu]dv[öo]zlettel|k[öo]sz[öo]n[öo]m|cu stim[ăa]|mul[țt]umesc|"
    r"с уважением|спасибо|с наилучшими пожеланиями|всего доброго|з повагою|дякую|sayg[ıi]lar(?:[ıi]mla)?|"
    r"te[şs]ekk[üu]rler|te[şs]ekk[üu]r ederim|με εκτίμηση|ευχαριστώ|"
    r"谢谢|謝謝|此致|敬礼|顺祝商祺|祝好|よろしくお願い\w*|敬具|ありがとう\w*|감사합니다|مع تحياتي|شكرا|תודה|"
    r"בברכה|trân trọng|cảm ơn|terima kasih|salam"
)
_DEVICES = (
    r"sent (?:from|via|with|by|using)\b|from my (?:iphone|ipad|android|mobile|blackberry|phone|samsung)|"
    r"get (?:\[?outlook|<?https?)|"
    r"someone from mobile|von meine[mr] .{1,60}gesendet|gesendet (?:von|mit|aus)|"
    r"diese nachricht wurde von .{1,80} gesendet|"
    r"envoy[ée] (?:depuis|de(?: mon)?|[àa] partir)|t[ée]l[ée]charge[zr] outlook|enviado (?:desde|do|a partir|"
    r"por)|enviado (?:de|pelo) meu|obtener outlook|obter o outlook|"
    r"inviato da(?:l mio)?|scarica outlook|verzonden (?:vanaf|met|via|van)|verstuurd vanaf|skickat fr[åa]n|"
    r"sendt fra|l[äa]hetetty (?:laitteesta|minun)|"
    r"wys[łl]an[oey] z|odesl[áa]no z|отправлено (?:с|из)|надіслано з|iphone['’]?umdan g[öo]nderildi|"
    r"trimis de pe|k[üu]ldve (?:az|iphone)|"
    r"發自我的|发自我的|從我的 .{1,30}傳送|从我的 .{1,30}发送|iphoneから送信|.{1,20}から送信|"
    r"나의 iphone에서 보냄|.{1,20}에서 보냄"
)
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_GREETING = re.compile(rf"^(?:{_GREETINGS})(?=\W|$|{_CJK})", re.IGNORECASE)
_CLOSING = re.compile(rf"^(?:{_CLOSINGS})(?=\W|$|{_CJK})", re.IGNORECASE)
_CLOSES_LINE = re.compile(rf"(?:^|[.!?]\s+)(?:{_CLOSINGS})\W*$", re.IGNORECASE)
_DEVICE = re.compile(rf"^[\W_]{{0,4}}(?:{_DEVICES})", re.IGNORECASE)
_NAME = re.compile(
    r"^[-–—/~\s]{0,4}(?:(?:[A-ZÀ-ÞА-ЯІЇŁŚŻŠČŽ][\w.'’\-]*|de|van|von|der|di|da|la|el|bin|al|"
    r"[(]?[A-Z][\w]*[)]?)[\s,]{0,3}){1,4}[-–—:,.!;\s]{0,3}$"
)
_ONE_NAME = re.compile(r"^[-–—/~\s]{0,4}[\w.'’]{1,20}$")
_TO_NAME = re.compile(
    r"^(?:[A-ZÀ-ÞА-Я][\w.'’\-]*)(?:(?:\s|,\s?| and | & |/| und | et | y |"
    r" e )[A-ZÀ-ÞА-Я][\w.'’\-]*){0,3}\s?(?:[,:;!]|\s?[-–—]{1,3})$"
)
_CONTACT = re.compile(
    r"(?:\+?\(?\d[\d\s().\-/]{6,}\d)|\b[\w.+\-]+@[\w\-]+\.[\w.\-]+|https?://|\bwww\.|"
    r"\b(?:tel|phone|ph|fax|mobile|mob|cell|direct|office|pager|ext|telefon|t[ée]l|m[óo]vil|skype|linkedin|"
    r"twitter|blog|web)\b\s?[.:#]|"
    r"\b(?:x|ext\.? ?)\d?-?\d{4,5}\b|\b[A-Z]{2}\s+\d{5}\b|\b(?:street|suite|floor|avenue|road|p\.?\s?o\.? box|"
    r"stra(?:ß|ss)e)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:engineer|manager|director|developer|analyst|consult\w+|president|vice|officer|ceo|cto|founder|"
    r"architect|specialist|assistant|attorney|counsel|"
    r"associate|sales|support|department|dept|corp|inc|llc|ltd|gmbh|company|group|university|services|"
    r"solutions|technologies|software|systems|"
    r"coordinator|administrator|professor|leiter\w*|gesch[äa]ftsf[üu]hrer\w*|directeur|g[ée]rant|north america|"
    r"community)\b",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\bconfidential(?:ity)?\b|legally privileged|intended (?:solely|only)? ?(?:for the|recipient)|"
    r"virus(?:es)?\b.{0,40}(?:check|scan|free)|"
    r"do you yahoo|msn hotmail|free email|\bdisclaimer\b|vertraulich|confidentielle?s?\b|confidencial|"
    r"riservat[oe]|vertrouwelijk",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"^(?:-\s?\S.{0,80}\.[a-z]{3,4}\b|<<.{1,120}>>|<[^<>]{1,100}\.[a-z]{3,4}>|\((?:see attached|"
    r"embedded image).{0,160}\)|\[(?:image|cid):[^\]]{0,200}\])[\s.]*$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^(?:p\.?\s?s\b|n\.?b\.)[.:\s\-]", re.IGNORECASE)
_SMALL_PRINT = re.compile(
    r"confidential|privileged|intended|recipient|prohibited|in error|notify|virus|liab|disclos|advertis|yahoo|"
    r"hotmail|vertraulich|empf[äa]nger|irrt[üu]mlich|"
    r"destinatair|confidentiel|destinatari|confidencial|riservat|geadresseerde|vertrouwelijk",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!]\s+\S|[?]$")


def is_greeting(words: str) -> bool:
    """A line that does nothing but greet: "Dear Ana,", "Hallo zusammen", "Ana -"."""
    if len(words) > 70 or _SENTENCE.search(words.rstrip(".!?,")):
        return False
    if _GREETING.match(words):
        return len(words.split()) <= 7 and (len(words.split()) <= 5 or words.endswith((",", "!", ":", "-", "，", "：")))
    return bool(_TO_NAME.match(words)) and not is_closing(words)


def is_closing(words: str) -> bool:
    """A line that takes leave: "Best regards,", "Vielen Dank und Grüße", "Thanks in advance!"."""
    if len(words) > 60 or not _CLOSING.match(words.lstrip("-–—/*~ ")):
        return False
    count = len(words.split())
    return count <= 4 or (count <= 8 and not _SENTENCE.search(words) and not words.endswith(":"))


def ends_in_closing(words: str) -> bool:
    """The last words of a sentence line take leave: "Call me. Thanks!" """
    return bool(_CLOSES_LINE.search(words[-60:]))


def is_device_note(words: str) -> bool:
    """ "Sent from my iPhone" and its like, alone on a line."""
    return len(words) < 160 and bool(_DEVICE.match(words.strip("<>()[] ")))


def is_name(words: str) -> bool:
    """A line that may be a person's name, or a dash and a nickname."""
    return len(words) < 45 and bool(_NAME.match(words) or (words[:1] in "-–—/~" and _ONE_NAME.match(words)))


def is_contact(words: str) -> bool:
    """Phone numbers, addresses of any kind, or a role: what stands under a name."""
    return len(words) < 120 and bool(
        _CONTACT.search(words) or (_ROLE.search(words) and not words.endswith((".", "?", ":")))
    )


def is_postscript(words: str) -> bool:
    """ "P.S. …": words after the closing that are still words."""
    return bool(_POSTSCRIPT.match(words))


def is_small_print(text: str) -> bool:
    """A disclaimer or advertisement by its vocabulary: one word of it may stand in any mail."""
    return len({found.lower() for found in _SMALL_PRINT.findall(text)}) >= 2


def is_disclaimer(words: str) -> bool:
    return bool(_DISCLAIMER.search(words))


def is_attachment_note(words: str) -> bool:
    """ "<<plan.doc>>", " - plan.doc", "(See attached file: …)": what a client wrote about a file."""
    return len(words) < 200 and bool(_ATTACHMENT.match(words))
