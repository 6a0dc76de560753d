"""A small SAML service on loopback: assertions that xmlsec signs. Tests can make it lie."""

import base64
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

SAML, PROTOCOL = Names.NS_SAML, Names.NS_SAMLP
Bend = Callable[[etree._Element], None]


def key_and_certificate() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form, nothing = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return (
        key.private_bytes(serialization.Encoding.PEM, form, nothing).decode(),
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
    )


def moment(minutes: float) -> str:
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


class SamlProvider:
    """`person`: who signs in there. `lies`: values of the next assertion. `bend`: what is done to it once signed."""

    def __init__(self) -> None:
        self.key, self.certificate = key_and_certificate()
        self.stranger = key_and_certificate()
        self.url = ""
        self.is_now("n-1", "bo@harbourpine.example")

    def is_now(self, number: str, email: str, name: str = "") -> None:
        self.person, self.lies = (number, email, name), dict[str, str]()
        self.bend: Bend = lambda response: None
        self.signs_with: tuple[str, str] | None = (self.key, self.certificate)
        self.algorithm = (Names.RSA_SHA256, Names.SHA256)

    def metadata(self) -> str:
        lines = self.certificate.strip().splitlines()[1:-1]
        return (
            f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.url}/metadata">'
            f'<IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"><KeyDescriptor use="signing">'
            f'<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{"".join(lines)}'
            f"</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService "
            f'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{self.url}/sso"/>'
            "</IDPSSODescriptor></EntityDescriptor>"
        )

    def answer(self, question: str) -> str:
        """To a question as it stands in the address: a Response with one signed assertion, in base64."""
        asked = etree.fromstring(zlib.decompress(base64.b64decode(question), -15))
        said = {
            "to": asked.get("ID"),
            "audience": asked.findtext(f"{{{SAML}}}Issuer"),
            "recipient": asked.get("AssertionConsumerServiceURL"),
            "issuer": f"{self.url}/metadata",
            "until": moment(5),
            "assertion": f"_{uuid4().hex}",
            **self.lies,
        }
        signed = self._signed(self._assertion(said))
        response = etree.fromstring(
            f'<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{SAML}" ID="_{uuid4().hex}" Version="2.0" '
            f'IssueInstant="{moment(0)}" Destination="{said["recipient"]}" InResponseTo="{asked.get("ID")}">'
            f"<saml:Issuer>{said['issuer']}</saml:Issuer><samlp:Status><samlp:StatusCode "
            f'Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>'
        )
        response.append(etree.fromstring(signed))
        self.bend(response)
        return base64.b64encode(etree.tostring(response)).decode()

    def _assertion(self, said: dict[str, str]) -> str:
        number, email, name = self.person
        form = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
        told = {"email": email, "displayName": name}
        attributes = "".join(
            f'<saml:Attribute Name="{key}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for key, value in told.items()
            if value
        )
        answers = f' InResponseTo="{said["to"]}"' if said["to"] else ""
        return (
            f'<saml:Assertion xmlns:saml="{SAML}" ID="{said["assertion"]}" Version="2.0" IssueInstant="{moment(0)}">'
            f"<saml:Issuer>{said['issuer']}</saml:Issuer><saml:Subject>"
            f'<saml:NameID Format="{form}">{number}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
            f'NotOnOrAfter="{said["until"]}" Recipient="{said["recipient"]}"{answers}/></saml:SubjectConfirmation>'
            f'</saml:Subject><saml:Conditions NotBefore="{moment(-60)}" NotOnOrAfter="{said["until"]}">'
            f"<saml:AudienceRestriction><saml:Audience>{said['audience']}</saml:Audience></saml:AudienceRestriction>"
            f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{moment(0)}"><saml:AuthnContext>'
            f"<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
            f"</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
            "</saml:Assertion>"
        )

    def _signed(self, assertion: str) -> bytes:
        if self.signs_with is None:
            return assertion.encode()
        made: bytes = Utils.add_sign(assertion, *self.signs_with, False, *self.algorithm)
        return made


@contextmanager
def saml_provider() -> Iterator[SamlProvider]:
    provider = SamlProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlparse(self.path)
            if where.path == "/metadata":
                content = provider.metadata()
            else:
                content = provider.answer(parse_qs(where.query)["SAMLRequest"][0])
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
