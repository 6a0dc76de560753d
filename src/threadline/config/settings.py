"""Every setting of Threadline, in one file. Each has a working default or a loud error.

Values come from the environment: `THREADLINE_NAME`, or `THREADLINE_NAME_FILE` naming a file that holds the value.
docs/reference/settings.md is written from the table below.
"""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from threadline.config.environment import Setting, read

CHECKOUT = Path(__file__).resolve().parents[3]

SETTINGS: dict[str, Setting] = {
    "DATA_DIR": Setting(str(CHECKOUT / ".data"), "Where the embedded database, keys and logs live."),
    "DATABASE_URL": Setting("", "postgresql://user:password@host:port/name. Empty: the embedded PostgreSQL is used."),
    "POSTGRES_PORT": Setting("54400", "TCP port of the embedded PostgreSQL on 127.0.0.1."),
    "WEB_HOST": Setting("127.0.0.1", "Address the front door listens on."),
    "WEB_PORT": Setting("8400", "Port the front door listens on."),
    "PUBLIC_URL": Setting("", "Address under which people reach the desk. Empty: http://WEB_HOST:WEB_PORT."),
    "SMTP_HOST": Setting("127.0.0.1", "Address the SMTP and LMTP listeners bind to."),
    "SMTP_PORT": Setting("8425", "Port of our own SMTP listener for incoming mail; 0 switches it off."),
    "LMTP_PORT": Setting("8424", "Port of our own LMTP listener for incoming mail; 0 switches it off."),
    "MAX_MAIL_BYTES": Setting("26214400", "Largest mail accepted, in bytes; larger ones are refused with a reason."),
    "SECRET_KEY": Setting("", "Signs sessions and reply addresses. Empty: made once and kept in DATA_DIR/secret_key."),
    "ALLOWED_HOSTS": Setting("*", "Host names the desk answers to, separated by commas."),
    "TIME_ZONE": Setting("Europe/London", "Time zone for times shown to agents."),
    "DEBUG": Setting("0", "1 shows tracebacks in the browser. Never in production."),
    "UNDO_SECONDS": Setting("10", "How long an answer waits before it goes out, so that it can be taken back; 0: not."),
    "BATCH": Setting("250", "How many ledger entries the pipeline takes at once."),
    "API_RATE": Setting(
        "100", "Requests a second that one API key may make for long (ten times that in a burst); 0: any."
    ),
    "PUSH_HOSTS": Setting(
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        "Push services that may be called, separated by commas: a host, *.host for those below it, or the origin of "
        "one of your own, such as http://10.0.0.5:8080, which may be private.",
    ),
    "WEB_THREADS": Setting("8", "Threads that serve pages in one front door process."),
    "WEB_PROCESSES": Setting(
        "0", "Front door processes of `threadline up`, all on one port; 0: one for every two cores, at most 4."
    ),
    "CALL_SERVERS": Setting(
        "",
        "STUN and TURN servers for calls in the chat, separated by commas: stun:t.example.org, turn:t.example.org.",
    ),
    "TURN_SECRET": Setting("", "The secret shared with those TURN servers (coturn: static-auth-secret)."),
    "FILM_DAYS": Setting("60", "How many days the page of a short video can be opened."),
    "ENCODER": Setting(
        "minilm",
        "What turns texts into vectors: minilm (English), universal (16 languages, an extra), off, or the address of "
        "a service that speaks the protocol of OpenAI's embeddings, such as https://host.example/v1.",
    ),
    "ENCODER_MODEL": Setting("text-embedding-3-small", "The model to ask such a service for."),
    "ENCODER_KEY": Setting("", "The key for such a service."),
    "ENCODER_TIMEOUT": Setting("5", "Seconds to wait for such a service; after that, rules alone have to do."),
    "ENCODER_THREADS": Setting("0", "Cores that one batch of texts may use; 0 takes all."),
}

_values = {name: read(name, setting) for name, setting in SETTINGS.items()}

DATA_DIR = Path(_values["DATA_DIR"]).resolve()
WEB_HOST, WEB_PORT = _values["WEB_HOST"], int(_values["WEB_PORT"])
PUBLIC_URL = _values["PUBLIC_URL"] or f"http://{WEB_HOST}:{WEB_PORT}"
SMTP_HOST, SMTP_PORT, LMTP_PORT = _values["SMTP_HOST"], int(_values["SMTP_PORT"]), int(_values["LMTP_PORT"])
MAX_MAIL_BYTES = int(_values["MAX_MAIL_BYTES"])
POSTGRES_PORT = int(_values["POSTGRES_PORT"])
DATABASE_URL = _values["DATABASE_URL"]
API_RATE = float(_values["API_RATE"])
UNDO_SECONDS = int(_values["UNDO_SECONDS"])
PUSH_HOSTS = [host.strip() for host in _values["PUSH_HOSTS"].split(",") if host.strip()]
BATCH, WEB_THREADS = int(_values["BATCH"]), int(_values["WEB_THREADS"])
WEB_PROCESSES = int(_values["WEB_PROCESSES"]) or min(4, max(1, (os.cpu_count() or 1) // 2))
ENCODER, ENCODER_MODEL, ENCODER_KEY = _values["ENCODER"], _values["ENCODER_MODEL"], _values["ENCODER_KEY"]
ENCODER_TIMEOUT, ENCODER_THREADS = float(_values["ENCODER_TIMEOUT"]), int(_values["ENCODER_THREADS"])
CALL_SERVERS = [each.strip() for each in _values["CALL_SERVERS"].split(",") if each.strip()]
TURN_SECRET, FILM_DAYS = _values["TURN_SECRET"], int(_values["FILM_DAYS"])
DEBUG = _values["DEBUG"] == "1"


def _secret_key() -> str:
    """The given key, or one made at the first start and kept readable for this user only."""
    if _values["SECRET_KEY"]:
        return _values["SECRET_KEY"]
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # the first process wins; a second one reads what the first wrote
        except FileExistsError:
            secrets.token_bytes(1)
        fresh.unlink()
    return path.read_text().strip()


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url or f"postgresql://postgres@127.0.0.1:{POSTGRES_PORT}/threadline")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=10s -c statement_timeout=60s -c jit=off",
            "connect_timeout": 5,
            # What is asked again and again is planned once: a page of the desk costs the database half as much.
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }


SECRET_KEY = _secret_key()
# Reply addresses and other signatures use keys of their own, so that one can be changed without the other.
REPLY_KEY = hashlib.blake2b(SECRET_KEY.encode(), digest_size=32, person=b"reply-address").hexdigest()
ALLOWED_HOSTS = [host.strip() for host in _values["ALLOWED_HOSTS"].split(",")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "threadline.lib",
    "threadline.accounts",
    "threadline.channels",
    "threadline.customers",
    "threadline.interactions",
    "threadline.journeys",
    "threadline.portal",
    "threadline.desk",
    "allauth.account",  # after ours: a page of our own name wins
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "threadline.desk.door.Door",
    "threadline.lib.pages.ContentSecurity",
    "threadline.lib.pages.PlainErrors",
    "threadline.desk.rights.Gate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "threadline.desk.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.cache",
                "threadline.lib.templatetags.words",
            ],
        },
    }
]

CACHES = {
    # What all processes must remember together for minutes: tries that are counted, codes that were used.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond that it forgets some: nobody shall make it forget a used code
    },
    # Pieces of pages, kept in each process under a key made of all that they show: never stale, nothing to clear.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = ["threadline.accounts.signing_in.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign-in", "queue", "sign-in"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

# Signing in by django-allauth; all its pages are ours (desk/urls/door.py, me.py), all its hooks in accounts/signing_in.
ACCOUNT_ADAPTER = "threadline.accounts.signing_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"email"}, ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD, ACCOUNT_EMAIL_VERIFICATION = None, "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# A whole office comes from one address in the morning; five wrong codes for one person are still the end.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key", "reset_password": "10/m/ip,3/h/key"}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_ADAPTER = "threadline.accounts.signing_in.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES, MFA_PASSKEY_LOGIN_ENABLED = ["totp", "webauthn", "recovery_codes"], True
MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = "Threadline", 1
SOCIALACCOUNT_ADAPTER = "threadline.accounts.signing_in.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# Modules that declare jobs: every process knows them all, the worker too, which loads no page.
PROCRASTINATE_IMPORT_PATHS = [
    "threadline.accounts.allowances",
    "threadline.journeys.actions",
    "threadline.journeys.actions.closed",
    "threadline.journeys.actions.connecting",
    "threadline.journeys.actions.promises",
    "threadline.journeys.actions.trial",
    "threadline.interactions.actions.health",
    "threadline.interactions.actions.looking",
    "threadline.journeys.notices.digest",
    "threadline.journeys.notices.pushing",
    "threadline.journeys.routing.run",
    "threadline.journeys.rules.run",
    "threadline.journeys.rules.trial",
    "threadline.portal.actions.call_keeping",
    "threadline.portal.actions.callbacks",
    "threadline.portal.actions.calling",
    "threadline.portal.actions.filming",
    "threadline.portal.actions.mailing",
    "threadline.interactions.actions.receipts",
    "threadline.interactions.actions.uploads",
    "threadline.interactions.shapes",
    "threadline.channels.letters",
    "threadline.channels.signing_in",
]

ROOT_URLCONF = "threadline.config.urls"
WSGI_APPLICATION = "threadline.config.wsgi.application"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
LANGUAGE_CODE = "en-gb"
USE_I18N = False  # texts are marked for translation; until a catalogue of ours is there, a page is not half translated
TIME_ZONE = _values["TIME_ZONE"]
USE_TZ = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_secrets": {"()": "threadline.lib.logs.NoSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # httpx names every address that it calls; those of browsers are for nobody to read.
    "loggers": {name: {"level": "WARNING"} for name in ("procrastinate", "mail.log", "httpx")},
}
