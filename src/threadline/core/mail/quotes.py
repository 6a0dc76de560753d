"""Where a quoted or forwarded mail begins: attributions, header blocks and dividers, in many languages and clients.

Written by hand from what mail clients insert. Expressions are anchored and bounded, and joined text is cut to a few
hundred signs, so that a hostile line costs no more than a long one.
"""

import re
from collections.abc import Sequence

from threadline.core.mail.lines import Line

_LONGEST = 400  # signs of an attribution, over all its lines
_MOST_LINES = 5
_MOST_READ = 6_000  # lines in which headers are looked for
_LONGEST_BLOCK = 300  # lines of a header block: some mails have hundreds of recipients

_VERBS = (
    r"wrote|writes|said|schrieb(?: am)?|hat (?:am )?.{0,40}geschrieben|a [ée]crit|escribi[óo]|ha scritto|"
    r"scrive|escreveu|"
    r"schreef|het volgende geschreven|geschreven|skrev(?: f[öo]lgende)?|napisa[łl](?:\(a\)|/a|a)?|pisze|"
    r"написал(?:\(а\)|а)?|пишет|писал(?:\(а\)|а)?|пише|написав|написала|"
    r"napsal(?:\(a\)|a)?|nap[íi]sal(?:\(a\)|a)?|kirjoitti|[íi]rta|yazd[ıi]|(?:a|au) scris|έγραψε|"
    r"写道|寫道|写了|のメッセージ|書きました|님이 작성|작성|đã viết|menulis|כתב|كتب|je napisa[ol](?:/la)?|"
    r"va escriure|kirjutas|ra[šs][ėe]"
)
_LEADS = (
    r"On|În|Pe data de|Ngày|Tanggal|Uz|Am|Den|Le|El|Il|Em|No dia|Op|På|"
    r"Dnia|W dniu|Dne|D[ňn]a|Pe|La|В|Ha|Vào|Pada|Dana|Στις|בתאריך|"
    r"في|于|在"
)
_VERB = re.compile(rf"(?:(?<=\W)|^)(?:{_VERBS})(?!\w)|写道|寫道|写了|のメッセージ|書きました|작성", re.IGNORECASE)
_ENDS = re.compile(r"(?:[:：]|-{2,})\s*$")
_VERB_LAST = re.compile(rf"(?:{_VERBS})\W{{0,4}}$", re.IGNORECASE)
_LEAD_WITH_DATE = re.compile(rf"^(?:-{{2,}}\s*)?(?:{_LEADS})(?=\W|\d)(?=.{{0,60}}\d)")
_DATE_FIRST = re.compile(
    r"^(?:\w{2,12}[.,]{1,2}\s|\w{2,4}\s)?(?:\d{4}[-/.年년]\s?\d|\d{1,2}[-/. ]{1,2}(?:\d|\w{2,9}))", re.IGNORECASE
)
_MAILBOX = re.compile(r"(?:<|&lt;|\(|\[mailto:)[^<>()\s]{1,80}@|[^\s<>@]{1,60}@[^\s<>@]{2,60}\.[a-z]{2,}")
_NAME_FIRST = re.compile(r"^[\"'“]?[^\W\d_][\w.\-'’,\" ]{0,60}(?:via [\w ]{1,40})?\s*[<(\[][^<>\s]{1,80}@")
_DATE_AND_MAILBOX = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}\s.{2,90}<\s?[^<>\s]+@[^<>\s]+\s?>:?$")
_MAILBOX_LAST = re.compile(r"<\s?[^<>\s]+@[^<>\s]+\s?>\s?[:：]$")
_EN_ROUTE = re.compile(r"^.{1,120}\bon\s+\d{1,2}/\d{1,2}/\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?\s*(?:[AP]M)?$", re.IGNORECASE)

_DIVIDER = re.compile(
    r"^[-=_*\s]*(?:original(?:e|a|al)? (?:message|appointment)|reply message|forwarded (?:message|"
    r"by\b.{0,200})|begin forwarded message:?|"
    r"urspr[üu]ngliche nachricht|originalnachricht|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail):?|"
    r"message (?:d['’])?origine|message transf[ée]r[ée]|message original|"
    r"d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée]) ?:?|"
    r"mensaje (?:original|reenviado)|inicio del mensaje reenviado:?|mensagem (?:original|encaminhada)|"
    r"in[íi]cio da mensagem (?:re)?encaminhada:?|"
    r"messaggio (?:originale|inoltrato)|inizio messaggio inoltrato:?|oorspronkelijk bericht|"
    r"doorgestuurd bericht|begin doorgestuurd bericht:?|"
    r"ursprungligt meddelande|vidarebefordrat (?:meddelande|mejl)|opprinnelig melding|videresendt (?:melding|"
    r"meddelelse)|oprindelig meddelelse|"
    r"alkuper[äa]inen viesti|v[äa]litetty viesti|wiadomo[śs][ćc] oryginalna|(?:oryginalna|"
    r"przekazana) wiadomo[śs][ćc]|"
    r"исходное сообщение|пересылаемое сообщение|(?:начало )?переадресованно(?:е|го) сообщени[ея]:?|"
    r"оригінальне повідомлення|"
    r"p[ůu]vodn[íi] (?:zpr[áa]va|e-mail)|přeposlan[áa] zpr[áa]va|eredeti [üu]zenet|tov[áa]bb[íi]tott [üu]zenet|"
    r"mesaj original|"
    r"(?:orijinal|[öo]zg[üu]n) (?:mesaj|ileti)|原始邮件|原始郵件|转发邮件|轉寄郵件|元のメッセージ|"
    r"転送メッセージ|원본 (?:메시지|메일))"
    r"\s*[-=_*:]*$",
    re.IGNORECASE,
)
_OPEN_DIVIDER = re.compile(
    r"^-{5,}\s*Forwarded by\b.{0,160}$|^-{5,}\s*(?:Original Message|Inline attachment follows)\b.{0,60}$", re.IGNORECASE
)
_CLOSED = re.compile(r"-{2,}\s*$")

_FROM = (
    r"from|von|de|da|van|från|fra|från|l[äa]hett[äa]j[äa]|od|от|від|odes[íi]latel|felad[óo]|de la|kimden|"
    r"发件人|寄件者|差出人|보낸 ?사람|من|מאת|van"
)
_DATED = (
    r"sent|date|gesendet|datum|envoy[ée]|enviado(?: el| em| a)?|enviada(?: em)?|fecha|data|inviato|verzonden|"
    r"skickat|sendt|dato|l[äa]hetetty|"
    r"p[äa]iv[äa](?:ys|m[äa][äa]r[äa])|wys[łl]an[oey]|отправлено|дата|надіслано|odesl[áa]no|elk[üu]ldve|trimis|"
    r"g[öo]nderme(?: tarihi)?|tarih|"
    r"发送时间|日期|寄件日期|送信日時|日付|보낸 날짜|날짜|التاريخ|תאריך|date/time"
)
_TO = (
    r"to|an|[àa]|para|a|aan|till|til|vastaanottaja|do|dla|кому|komu|c[íi]mzett|c[ăa]tre|kime|收件人|收件者|"
    r"宛先|받는 ?사람|إلى|אל"
)
_SUBJECT = (
    r"subject|betreff|objet|asunto|assunto|oggetto|onderwerp|[äa]mne|emne|aihe|temat|тема|p[řr]edm[ěe]t|"
    r"t[áa]rgy|subiect|konu|主题|主旨|件名|제목|الموضوع|נושא"
)
_OTHER = (
    r"cc|bcc|kopie|copie(?: [àa])?|cci|kopia|копия|копія|m[áa]solat|bilgi|抄送|副本|참조|reply-?to|antwort an|"
    r"r[ée]pondre [àa]|responder a|sent by|"
    r"please respond to|importance|priority|attachments?|anlagen?|message-id|organi[sz]ation|newsgroups|"
    r"sensitivity|anh[äa]nge|pi[èe]ces jointes|"
    r"location|when|where|required attendees|optional attendees|received|return-path|return-receipt-to|"
    r"x-[\w-]{2,30}|mime-version|content-[\w-]{2,30}"
)
_FIELDS = tuple(
    (name, re.compile(rf"^[:=\s*]*(?:{words})\s?\**\s?[:：](?:\**)(?=\s|$|.)", re.IGNORECASE))
    for name, words in (("from", _FROM), ("date", _DATED), ("to", _TO), ("subject", _SUBJECT), ("other", _OTHER))
)
_COLUMN = re.compile(r"^\S.{0,70}?\s{2,}(to|cc|subject):(?:\s|$)", re.IGNORECASE)
_RESPOND = re.compile(r"^please respond to\b", re.IGNORECASE)
_INTERNET = re.compile(
    r"^(?:message-id|received|return-path|delivered-to|x-[\w-]{2,30}|mime-version|content-[\w-]{2,30}|date):\s",
    re.IGNORECASE,
)
_HOUR = re.compile(r"^\d{1,2}:\d\d(?::\d\d)?\s*(?:[AP]M)?$", re.IGNORECASE)
_STAMP_CUT = re.compile(r"\bon\s+\d{1,2}/\d{1,2}/\d{2,4}$", re.IGNORECASE)
_STAMP = re.compile(
    r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?\s+\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*(?:[AP]M)?$|^\w{3,9}day,? .{0,40}\d{4}",
    re.IGNORECASE,
)


def field_of(words: str) -> str:
    """Which header field of a quoted mail this line starts: from, date, to, subject, other, or ""."""
    if ":" not in words[:90] and "：" not in words[:40]:
        return "other" if _RESPOND.match(words) else ""
    if name := next((name for name, pattern in _FIELDS if pattern.match(words)), ""):
        return name
    column = _COLUMN.match(words)
    return column[1].lower().replace("cc", "other") if column else ""


def is_divider(words: str) -> bool:
    """ "-----Original Message-----", "Begin forwarded message:" and their like, alone on the line."""
    return len(words) < 260 and bool(_DIVIDER.match(words))


def header_spans(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Where headers of quoted and forwarded mails stand: [start, end) line spans in order, without overlaps."""
    spans: list[tuple[int, int]] = []
    place = 0
    while place < min(len(lines), _MOST_READ):
        end = 0 if lines[place].blank else _header_end(lines, place)
        if end > place:
            spans.append((place, end))
        place = max(end, place + 1)
    return spans


def mail_starts(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Where each quoted mail begins: a divider and the header block right under it announce the same mail."""
    return [start for at, (start, _) in enumerate(spans) if at == 0 or not _announced(lines, spans[at - 1], start)]


def _announced(lines: Sequence[Line], before: tuple[int, int], start: int) -> bool:
    divider = _divider_end(lines, before[0]) == before[1]
    return divider and all(line.blank for line in lines[before[1] : start])


def _header_end(lines: Sequence[Line], place: int) -> int:
    """End of the header that starts on this line; 0 if none does."""
    return _divider_end(lines, place) or _block_end(lines, place) or _attribution_end(lines, place)


def _divider_end(lines: Sequence[Line], place: int) -> int:
    words = lines[place].words
    if _OPEN_DIVIDER.match(words):
        for end in range(place + 1, min(place + 4, len(lines) + 1)):
            if _CLOSED.search(lines[end - 1].words):
                return end
    return place + 1 if is_divider(words) else 0


def _block_end(lines: Sequence[Line], place: int) -> int:
    """From/Sent/To/Subject lines, with their continuations; Lotus Notes puts a name and a date line before them."""
    first = _first_field(lines, place)
    if first < 0:
        return 0
    seen, end = _read_fields(lines, first)
    named = first > place
    enough = len(seen & {"from", "date", "to", "subject"}) + named
    if enough < 2 or not ("from" in seen or named or {"to", "subject"} <= seen or {"date", "subject"} <= seen):
        return 0
    return end


def _first_field(lines: Sequence[Line], place: int) -> int:
    words = lines[place].words
    if field_of(words) not in {"", "other"}:
        return place
    if _INTERNET.match(words):  # inside a row of such lines the block has failed already
        return -1 if place and _INTERNET.match(lines[place - 1].words) else place
    if len(words) > 120:
        return -1
    stamped = bool(_STAMP.search(words)) or bool(_EN_ROUTE.match(words))
    for at in _filled_after(lines, place, 4):
        if stamped and field_of(lines[at].words) not in {"", "date"}:
            return at
        if not stamped and at <= place + 2 and len(lines[at].words) < 60 and _stamps(lines[at].words, words):
            stamped = True
        elif field_of(lines[at].words) != "other":
            return -1
    return -1


def _stamps(words: str, before: str) -> bool:
    """A line with a moment only, or the hour of a moment that was cut in two."""
    return bool(_STAMP.search(words)) or bool(_STAMP_CUT.search(before) and _HOUR.match(words))


def _filled_after(lines: Sequence[Line], place: int, most: int) -> list[int]:
    """The next filled lines; two blank ones between are allowed."""
    found: list[int] = []
    for at in range(place + 1, min(place + 12, len(lines))):
        if not lines[at].blank:
            found.append(at)
        if len(found) == most:
            break
    return found


def _read_fields(lines: Sequence[Line], first: int) -> tuple[set[str], int]:
    seen: set[str] = set()
    end = first
    blanks = 0
    last = ""
    for at in range(first, min(len(lines), first + _LONGEST_BLOCK)):
        words = lines[at].words
        if not words:
            blanks += 1
            if blanks > 4 or not _more_fields(lines, at, "subject" not in seen):
                break
            continue
        name = field_of(words)
        if not name and not (blanks == 0 and _continues(lines, at, last)):
            break
        if name in seen and name != "other":
            break
        if name:
            seen.update({name, "date"} if name == "from" and _STAMP.search(words) else {name})
            last = name
        blanks, end = 0, at + 1
    return seen, end


def _more_fields(lines: Sequence[Line], place: int, early: bool) -> bool:
    """After a blank line: does the block go on? Before its subject any field may follow, after it only addresses."""
    following = next((at for at in range(place + 1, min(place + 6, len(lines))) if not lines[at].blank), -1)
    if following < 0:
        return False
    name = field_of(lines[following].words)
    return bool(name) if early else name in {"to", "other"} and following <= place + 2


def _continues(lines: Sequence[Line], at: int, last: str) -> bool:
    """A folded line: more addresses after To and Cc, the rest of a long subject, or a moment after From."""
    words, before = lines[at].words, lines[at - 1].words
    if last in {"to", "other", "from"}:
        listed = (
            before.endswith((",", ";")) or len(before) > 60 or "@" in words or lines[at - 1].raw.rstrip().endswith("=")
        )
        return (listed and len(words) < 200) or bool(_STAMP.search(words)) or words.startswith(("<", "["))
    return last == "subject" and len(before) > 66 and len(words) < 60


def _attribution_end(lines: Sequence[Line], place: int) -> int:
    joined = ""
    for at in range(place, min(place + _MOST_LINES, len(lines))):
        if not lines[at].raw.strip() or len(joined) + len(lines[at].words) > _LONGEST:
            return 0
        joined = f"{joined} {lines[at].words}".strip()
        if at > place and not _begins_attribution(lines[place].words):
            return 0
        if not lines[at].blank and is_attribution(joined, _quoted_after(lines, at)):
            return at + 1
    return 0


def _quoted_after(lines: Sequence[Line], at: int) -> bool:
    following = _filled_after(lines, at, 1)
    return bool(following) and lines[following[0]].depth > lines[at].depth


def _begins_attribution(words: str) -> bool:
    return bool(
        _LEAD_WITH_DATE.match(words)
        or _DATE_FIRST.match(words)
        or _NAME_FIRST.match(words)
        or _LEAD_WITH_DATE.match(words + " 1")
    )


def _names_and_dates(words: str) -> bool:
    return len(words) < 160 and bool(_MAILBOX.search(words)) and any(sign.isdigit() for sign in words)


def is_attribution(words: str, quoted_after: bool = False) -> bool:
    """ "On 3 May 2024, Ana <ana@example.com> wrote:" in one of many forms. "Ana wrote:" counts before a quote."""
    if len(words) > _LONGEST:
        return False
    if _DATE_AND_MAILBOX.match(words):
        return True
    dated = bool(_LEAD_WITH_DATE.match(words) or _DATE_FIRST.match(words))
    closed = bool(_ENDS.search(words[-12:]))
    if not (dated or closed or quoted_after):
        return False
    if not _VERB.search(words):  # a language not in the list, but the form is right
        return (dated and bool(_MAILBOX_LAST.search(words))) or (closed and quoted_after and _names_and_dates(words))
    if dated:
        return closed or bool(_VERB_LAST.search(words))
    if not closed:
        return quoted_after and len(words) < 60 and bool(_VERB_LAST.search(words))
    return bool(_NAME_FIRST.match(words)) or (quoted_after and (len(words) < 160 or bool(_MAILBOX.search(words))))
