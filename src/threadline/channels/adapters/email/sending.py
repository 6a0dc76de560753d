"""Talking SMTP to our own mail server, and its answers in our four words."""

import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from threadline.channels import oauth2
from threadline.channels.adapters.email.writing import ascii_address
from threadline.channels.contract import Endpoint, Misconfigured, Rejected, Unavailable

PORTS = {"tls": 465, "starttls": 587, "none": 25}
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT
    client: oauth2.Client | None = None  # signs in with a token instead of the password

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> "Server":
        host, security = str(settings.get("smtp_host") or ""), str(settings.get("smtp_security") or "starttls")
        if not host:
            raise Misconfigured(
                "The channel has no outgoing mail server. Enter one under Settings, Channels: “Outgoing server (SMTP)”."
            )
        if security not in PORTS:
            raise Misconfigured(f"The security of the outgoing server is “{security}”. Choose tls, starttls or none.")
        try:
            port = int(str(settings.get("smtp_port") or PORTS[security]))
            timeout = float(str(settings.get("smtp_timeout") or TIMEOUT))
        except ValueError as error:
            raise Misconfigured(
                f"The port and the time-out of the outgoing server must be numbers: {error}."
            ) from error
        user, password = str(settings.get("smtp_user") or ""), str(settings.get("smtp_password") or "")
        client = oauth2.client_of(settings)
        if client is not None:
            user = user or str(settings.get("imap_user") or "")
        return cls(host, port, security, user, password, timeout, client)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Exit:
    """The way out: one connection for one mail."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.server = Server.from_settings(endpoint.settings)
        self.name = endpoint.address.rpartition("@")[2] or "localhost"

    def send(self, content: bytes, *, sender: str, to: str, cc: Sequence[str] = ()) -> None:
        """Return once our server took it over. Somebody in copy who is refused does not stop the mail."""
        try:
            with self._connect() as smtp:
                size = [f"size={len(content)}"] if smtp.has_extn("size") else []
                self._check(*smtp.mail(ascii_address(sender), size), sender=sender)
                self._check(*smtp.rcpt(ascii_address(to)), recipient=to)
                for address in cc:
                    smtp.rcpt(ascii_address(address))
                self._check(*smtp.data(content), recipient=to)
        except smtplib.SMTPResponseException as error:
            self._check(error.smtp_code, error.smtp_error, recipient=to)
        except (OSError, smtplib.SMTPException) as error:
            raise self._no_connection(error) from error

    def _connect(self) -> smtplib.SMTP:
        server, secure = self.server, ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, self.name, timeout=server.timeout, context=secure)
        else:
            smtp = smtplib.SMTP(server.host, server.port, self.name, timeout=server.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=secure)
            self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        server, client = self.server, self.server.client
        if client is None:
            if server.user:
                smtp.login(server.user, server.password)
            return
        said = oauth2.sasl(server.user, oauth2.access_token(client))
        try:
            smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
        except smtplib.SMTPAuthenticationError as error:
            oauth2.forget(client)
            raise Misconfigured(
                f"The mail server refused the token of {client.label} for {server.user}: "
                f"{in_one_line(error.smtp_error)}. Sign in again under Channels, and allow sending there."
            ) from error

    def _no_connection(self, error: Exception) -> Unavailable | Misconfigured:
        """`gaierror` for a name that does not exist and wrong certificates do not get better by waiting."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return Misconfigured(
                f"The certificate of the mail server {self.server} is not valid: {error.verify_message}."
            )
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
            return Misconfigured(
                f"There is no mail server named “{self.server.host}”. Correct it under Settings, Channels."
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Misconfigured(f"The mail server {self.server} does not offer what is set: {error}")
        return Unavailable(f"The mail server {self.server} can not be reached: {error or type(error).__name__}.")

    def _check(self, code: int, answer: bytes | str, *, sender: str = "", recipient: str = "") -> None:
        if not 200 <= code < 300:
            self._fail(code, in_one_line(answer), sender=sender, recipient=recipient)

    def _fail(self, code: int, answer: str, *, sender: str, recipient: str) -> NoReturn:
        said = f"{self.server} answered {code} {answer}"
        if 400 <= code < 500:
            raise Unavailable(f"The mail server {said}. It is tried again later.")
        if code in (530, 534, 535, 538):
            raise Misconfigured(f"The mail server {said}. Check smtp_user and smtp_password in Channels.")
        if code == 552 or (code == 554 and "size" in answer.lower()):
            raise Rejected(f"The mail is too big: {said}.")
        if sender:
            raise Misconfigured(f"The mail server does not let us send as {sender}: {said}.")
        if "relay" in answer.lower():
            raise Misconfigured(f"The mail server does not send to other domains for us: {said}.")
        raise Rejected(f"The mail to {recipient} was refused: {said}.")


def in_one_line(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300].rstrip(".")
