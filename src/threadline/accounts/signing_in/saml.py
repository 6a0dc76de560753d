"""SAML 2.0: python3-saml reads and checks what a service of the company signed. An extra: `threadline[saml]`.

Nothing of a request but the answer itself is looked at: our own addresses come from PUBLIC_URL. Beyond what the library
checks (signature of the assertion, audience, recipient, issuer, time), an answer must be to a question that this very
browser asked, in the part that is signed, and each assertion lets in once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from threadline.accounts.models import Provider
from threadline.accounts.signing_in.letters import address
from threadline.lib.errors import ThreadlineError

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
AS_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
EMAILS = ("email", "mail", "emailAddress", "urn:oid:0.9.2342.19200300.100.1.3", f"{CLAIMS}/emailaddress")
NAMES = ("displayName", "urn:oid:2.16.840.1.113730.3.1.241", f"{CLAIMS}/name", "cn", "urn:oid:2.5.4.3")
PLAIN = {"Accept-Encoding": "identity"}  # nothing that grows when it is unpacked
LOCAL = {"127.0.0.1", "::1", "localhost"}
LONGEST_METADATA = 500_000
LONGEST_ANSWER = 200_000
LONGEST_NAME = 191
KEPT_SECONDS = 120  # an answer, on its way from one page of ours to the next
USED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom an answer is about. `number` is the service's own name for them, or the address where it gives none."""

    number: str
    emails: tuple[str, ...]
    name: str


def available() -> bool:
    return find_spec("onelogin") is not None


def require() -> None:
    if not available():
        raise ThreadlineError(_("SAML is an extra that is not installed here: pip install threadline[saml]."))


# ---- what they say of themselves, and we of us -----------------------------------------------------------------------


def issuer_in(metadata: str) -> str:
    """The name of the service that this metadata describes.

    Raises:
        ThreadlineError: it is no metadata, or lacks the name, the address or a key; with what to do.
    """
    require()
    found = _service(metadata)
    where, name = found.get("singleSignOnService", {}).get("url", ""), str(found.get("entityId") or "")
    missing = [
        what
        for what, there in (
            (_("entity ID"), name),
            (_("address for HTTP-Redirect"), where),
            (_("signing certificate"), found.get("x509cert") or found.get("x509certMulti")),
        )
        if not there
    ]
    if missing:
        words = _("The metadata names no %(what)s. Export it from the service once more.")
        raise ThreadlineError(words % {"what": ", ".join(missing)})
    if len(name) > 300:
        raise ThreadlineError(_("The service's entity ID is longer than 300 characters, which do not fit here."))
    if urlsplit(where).scheme != "https" and urlsplit(where).hostname not in LOCAL:
        words = _("%(url)s is not encrypted. Who listens in could be anybody: use https://.")
        raise ThreadlineError(words % {"url": where})
    return name


def _service(metadata: str) -> Mapping[str, Any]:
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser

    if len(metadata) > LONGEST_METADATA:
        raise ThreadlineError(_("The metadata is longer than 500,000 characters. Export that of one service only."))
    try:
        told = Parser.parse(metadata.strip().encode(), required_sso_binding=REDIRECT_BINDING)
    except Exception as error:  # lxml, its protection against entities, and the library each have their own
        words = _("This is no SAML metadata that can be read safely: %(why)s")
        raise ThreadlineError(words % {"why": error or type(error).__name__}) from error
    found: Mapping[str, Any] = told.get("idp", {})
    return found


def ours(provider: Provider) -> str:
    """Our metadata, for the service: who we are and where answers go."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    told = OneLogin_Saml2_Settings(_settings(provider), sp_validation_only=True).get_sp_metadata()
    return told.decode() if isinstance(told, bytes) else str(told)


def entity_of(provider: Provider) -> str:
    return address(f"/sign-in/with/{provider.slug}/metadata")


def answers_go_to(provider: Provider) -> str:
    return address(f"/sign-in/with/{provider.slug}/answer")


def _settings(provider: Provider) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": entity_of(provider),
            "assertionConsumerService": {"url": answers_go_to(provider), "binding": POST_BINDING},
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "idp": _service(provider.metadata),
        "security": {
            "wantAssertionsSigned": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
        },
    }


def fetch(url: str) -> str:
    """Metadata from the service itself: over https, without following it elsewhere, and not more than fits.

    Raises:
        ThreadlineError: it does not answer, or not like that.
    """
    import httpx  # takes a tenth of a second, which only this needs

    where = urlsplit(url.strip())
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOCAL):
        raise ThreadlineError(_("“%(url)s” is no address. It begins with https://.") % {"url": url[:80]})
    read = b""
    try:
        with httpx.stream("GET", url.strip(), timeout=5, headers=PLAIN) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                read += piece
                if len(read) > LONGEST_METADATA:
                    raise ThreadlineError(_("There is more than the metadata of one service. Paste only its own."))
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        raise ThreadlineError(_("%(url)s answered %(code)s.") % {"url": url[:80], "code": code}) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ThreadlineError(_("%(url)s can not be read: %(why)s.") % {"url": url[:80], "why": error}) from error
    return read.decode("utf-8", "replace")


# ---- asking and being answered ---------------------------------------------------------------------------------------


def ask(provider: Provider) -> tuple[str, str]:
    """Where to send the browser, and the number of the question."""
    auth = _asking(provider, "")
    url = str(auth.login(return_to=entity_of(provider)))
    return url, str(auth.get_last_request_id())


def keep(answer: str) -> str:
    """Keep an answer for the moment until the browser comes with its session: a foreign page's POST brings none."""
    if not answer or len(answer) > LONGEST_ANSWER:
        raise ThreadlineError(_("This is no answer of a SAML service, or far too long. Begin at the sign-in page."))
    ticket = get_random_string(32)
    cache.set(f"saml-answer-{ticket}", answer, KEPT_SECONDS)
    return ticket


def kept(ticket: str) -> str:
    """Once."""
    found = cache.get(f"saml-answer-{ticket}", "")
    cache.delete(f"saml-answer-{ticket}")
    return str(found)


def read(provider: Provider, answer: str, *, asked: str) -> Vouched:
    """Whom the service vouches for, in answer to the question of this number.

    Raises:
        ValueError: it does not hold, for a reason that is for logs and not for whoever sent it.
    """
    if not asked:
        raise ValueError("nobody asked")
    auth = _asking(provider, answer)
    try:
        auth.process_response(request_id=asked)
    except Exception as error:
        raise ValueError(f"it can not be read: {error}") from error
    if auth.get_errors() or not auth.is_authenticated():
        raise ValueError(auth.get_last_error_reason() or "it is not valid")
    _require_asked(auth, asked)
    _require_first(provider, str(auth.get_last_assertion_id() or ""))
    return _vouched(auth)


def _asking(provider: Provider, answer: str) -> Any:
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    here = urlsplit(answers_go_to(provider))
    request = {
        "https": "on" if here.scheme == "https" else "off",
        "http_host": here.netloc,
        "script_name": here.path,
        "get_data": {},
        "post_data": {"SAMLResponse": answer} if answer else {},
    }
    return OneLogin_Saml2_Auth(request, _settings(provider))


def _require_asked(auth: Any, asked: str) -> None:
    """The library lets answers to no question pass; and the envelope, where it stands too, is signed by nobody."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

    tree = Xml.to_etree(auth.get_last_response_xml())
    data = Xml.query(tree, "//saml:Assertion//saml:SubjectConfirmationData")
    numbers = {auth.get_last_response_in_response_to(), *(each.get("InResponseTo") for each in data)}
    if numbers != {asked} or not data:
        raise ValueError("it answers another question, or none")


def _require_first(provider: Provider, assertion: str) -> None:
    if not assertion or not cache.add(_mark(provider, assertion), 1, USED.total_seconds()):
        raise ValueError("it was used before")


def _mark(provider: Provider, assertion: str) -> str:
    """Names that others gave are of any length and hold any sign; this one fits into a key."""
    return f"saml-used-{provider.pk}-{hashlib.sha256(assertion.encode()).hexdigest()}"


def _vouched(auth: Any) -> Vouched:
    told: Mapping[str, list[Any]] = auth.get_attributes()
    said, form = str(auth.get_nameid() or "").strip(), auth.get_nameid_format()
    emails = [str(value) for name in EMAILS for value in told.get(name) or ()]
    if form == AS_EMAIL or ("@" in said and not emails):
        emails.append(said)
    emails = list(dict.fromkeys(each.strip().lower() for each in emails if "@" in each))
    number = (emails[0] if emails else "") if form == TRANSIENT else said
    if not number or len(number) > LONGEST_NAME:
        raise ValueError("it does not say who it is about")
    name = next((str(values[0]) for each in NAMES if (values := told.get(each))), "")
    return Vouched(number, tuple(emails), name.strip())
