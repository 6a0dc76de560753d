"""A stand-in for Google's and Microsoft's authorisation servers: consent page, tokens, and what Dovecot asks of them.

Written from RFC 6749, 7636 and 7662. It checks client, code, PKCE and token, and can take a sign-in back.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlparse

CLIENT, SECRET = "threadline", "the-client-secret"


class SignInService:
    """`user` said yes. `renewals`: how often a token was renewed. `rotates`: each renewal ends the token before."""

    def __init__(self, user: str) -> None:
        self.user, self.url = user, ""
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh: set[str] = set()
        self.access: set[str] = set()
        self.renewals, self.rotates, self.lasts, self.away = 0, False, 3600, False

    def settings(self) -> dict[str, str]:
        return {
            "sign_in": "other",
            "oauth_client_id": CLIENT,
            "oauth_consent_url": f"{self.url}/authorize",
            "oauth_grant_url": f"{self.url}/token",
            "oauth_scope": "mail",
        }

    def take_back(self) -> None:
        self.refresh.clear()
        self.access.clear()

    def say_yes(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, object] | None:
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return None
        if asked.get("grant_type") == "refresh_token":
            return self._renewed(asked.get("refresh_token", ""))
        began = self.codes.pop(asked.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if began is None or proof.decode() != began.get("code_challenge"):
            return None
        return {**self._access(), "refresh_token": self.new_refresh()}

    def new_refresh(self) -> str:
        token = secrets.token_urlsafe(16)
        self.refresh.add(token)
        return token

    def _renewed(self, token: str) -> dict[str, object] | None:
        if token not in self.refresh:
            return None
        self.renewals += 1
        if not self.rotates:
            return self._access()
        self.refresh.discard(token)
        return {**self._access(), "refresh_token": self.new_refresh()}

    def _access(self) -> dict[str, object]:
        token = secrets.token_urlsafe(16)
        self.access.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}

    def introspected(self, token: str) -> dict[str, object]:
        return {"active": True, "email": self.user} if token in self.access else {"active": False}


@contextmanager
def sign_in_service(user: str, *, port: int = 0) -> Iterator[SignInService]:
    service = SignInService(user)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlparse(self.path)
            asked = {name: values[0] for name, values in parse_qs(where.query).items()}
            if where.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", service.say_yes(asked))
                self.end_headers()
            else:
                self.tell(service.introspected(asked.get("token", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if service.away:
                self.tell({}, 503)
                return
            told = service.token({name: values[0] for name, values in parse_qs(body).items()})
            self.tell(
                told or {"error": "invalid_grant", "error_description": "Token has been revoked"}, 200 if told else 400
            )

        def tell(self, what: dict[str, object], status: int = 200) -> None:
            content = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
