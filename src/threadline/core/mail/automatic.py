"""Was this mail written by a machine? The answer is a reason in words, or "" for a person's mail.

Sources: RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 2369/2919 (lists), Microsoft MS-OXCMAIL.
"""

import re

from threadline.core.mail.headers import parameters, text_of
from threadline.core.mail.structure import Part

_OUT_OF_OFFICE = re.compile(
    r"^\s*(?:\[[^\]]{1,30}\]\s*)?(?:"
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|auto:|"
    r"vacation (?:reply|response)|on vacation\b|"
    r"away from (?:the office|my (?:mail|desk))|"
    r"abwesenheits|automatische (?:antwort|r[üu]ckantwort)|abwesend\b|ich bin (?:nicht im b[üu]ro|abwesend)|"
    r"r[ée]ponse automatique|absence du bureau|message d['’]absence|absent du bureau|notification d['’]absence|"
    r"respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente de la oficina|"
    r"resposta autom[áa]tica|fora do escrit[óo]rio|ausência tempor[áa]ria|"
    r"risposta automatica|fuori (?:sede|ufficio)|assente dall['’]ufficio|"
    r"automatisch antwoord|afwezigheids|afwezig\b|niet aanwezig|"
    r"autosvar|automatiskt? svar|fr[åa]nvaro|frånvarande|fraværsmelding|automatisk svar|ikke til stede|"
    r"automaattinen vastaus|poissaoloviesti|poissa toimistosta|"
    r"odpowied[źz] automatyczna|automatyczna odpowied[źz]|poza biurem|nieobecno[śs][ćc]|"
    r"automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]|"
    r"automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l|r[ăa]spuns automat|"
    r"otomatik yan[ıi]t|ofis d[ıi][şs][ıi]nda|αυτόματη απάντηση|εκτός γραφείου|"
    r"автоматический ответ|автоответ|вне офиса|автоматична відповідь|відсутн|"
    r"自动(?:答复|回复)|自動(?:返信|回覆|応答)|不在(?:通知|の(?:お知らせ|ご連絡))|外出中|자동 ?(?:회신|응답)|부재 ?중|"
    r"رد تلقائي|מענה אוטומטי|tr[ảa] l[ờo]i t[ựu] đ[ộo]ng|balasan otomatis"
    r")",
    re.IGNORECASE,
)
_BOUNCED = re.compile(
    r"^\s*(?:undeliver(?:able|ed)|mail delivery (?:failed|failure|subsystem)|delivery (?:status notification|"
    r"failure|has failed)|"
    r"returned mail|failure notice|mail system error|unzustellbar|nicht zugestellt|non remis|no se puede entregar|"
    r"onbestelbaar|non recapitabile|не доставлено)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|double-bounce)@", re.IGNORECASE)
_FLAGS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-mail-autoreply")


def reason_automatic(mail: Part, *, sender: str, subject: str) -> str:
    """Why this mail is held for a machine's, the strongest reason first; "" if nothing says so."""
    return _bounce(mail, sender, subject) or _answered_by_machine(mail, subject) or _sent_to_many(mail)


def _bounce(mail: Part, sender: str, subject: str) -> str:
    kind, params = parameters(text_of(mail.first("content-type")))
    if kind == "multipart/report":
        report = params.get("report-type", "")
        return f"a mail system's report ({report})" if report else "a mail system's report"
    if "x-failed-recipients" in mail.fields:
        return "a mail that could not be delivered (X-Failed-Recipients)"
    if _ROBOTS.match(sender):
        return f"sent by a mail system ({sender})"
    if "return-path" in mail.fields and text_of(mail.first("return-path")) in {"<>", ""}:
        return "the return path is empty, as machines send"
    return "a mail that could not be delivered (subject)" if _BOUNCED.match(subject) else ""


def _answered_by_machine(mail: Part, subject: str) -> str:
    submitted = _word(mail, "auto-submitted")
    if submitted not in {"", "no"}:
        return f"Auto-Submitted: {submitted}"
    if _OUT_OF_OFFICE.match(subject):
        return "an out-of-office answer (subject)"
    for name in _FLAGS:
        if _word(mail, name) not in {"", "no", "false"}:
            return f"an automatic answer ({name.title()})"
    if _word(mail, "x-auto-response-suppress") not in {"", "none"}:
        return "the sender wants no automatic answer (X-Auto-Response-Suppress)"
    return ""


def _sent_to_many(mail: Part) -> str:
    precedence = _word(mail, "precedence")
    if precedence in {"bulk", "list", "junk", "auto_reply"}:
        return f"Precedence: {precedence}"
    if "list-id" in mail.fields:
        return "a mailing list (List-Id)"
    return "a mailing (List-Unsubscribe)" if "list-unsubscribe" in mail.fields else ""


def _word(mail: Part, name: str) -> str:
    return text_of(mail.first(name)).partition(";")[0].strip().lower()[:40]
