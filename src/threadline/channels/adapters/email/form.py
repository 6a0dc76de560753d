"""What the settings ask about a mailbox."""

from threadline.channels.contract import Group, Setting
from threadline.channels.contract import words as _

SECURITY = ("tls", "starttls", "none")
WAYS = ("password", "google", "microsoft", "other")
FORM: tuple[Group, ...] = (
    Group(
        _("How mail comes in"),
        _("Threadline reads the mailbox and changes nothing in it. Leave it empty where your server hands mail over."),
        (
            Setting("imap_host", _("Mailbox server (IMAP)"), usual="imap.example.org"),
            Setting("imap_user", _("User")),
            Setting("imap_password", _("Password"), kind="secret"),
            Setting("imap_security", _("Security"), kind="choice", choices=SECURITY),
            Setting("imap_port", _("Port"), kind="number", usual="993"),
            Setting("imap_folder", _("Folder"), usual="INBOX"),
            Setting(
                "imap_since",
                _("Begin with mail of the day"),
                _("What is older stays where it is. Empty: all of the folder comes in."),
                usual="2026-03-01",
            ),
        ),
    ),
    Group(
        _("How answers go out"),
        _("Your own mail server sends them, so that they are not taken for spam."),
        (
            Setting("smtp_host", _("Outgoing server (SMTP)"), usual="smtp.example.org"),
            Setting("smtp_user", _("User")),
            Setting("smtp_password", _("Password"), kind="secret"),
            Setting("smtp_security", _("Security"), kind="choice", choices=("starttls", "tls", "none")),
            Setting("smtp_port", _("Port"), kind="number", usual="587"),
            Setting(
                "send_per_hour",
                _("Most messages an hour"),
                _("What your server allows. Whatever is over it waits, says so, and goes out by itself."),
                kind="number",
            ),
        ),
    ),
    Group(
        _("Signing in at Google or Microsoft"),
        _(
            "Instead of a password. Register Threadline there as a web application, enter what it gives you, keep it, "
            "and press the button that then stands above."
        ),
        (
            Setting("sign_in", _("How we sign in"), kind="choice", choices=WAYS),
            Setting("oauth_client_id", _("Client id")),
            Setting("oauth_client_secret", _("Client secret"), kind="secret"),
            Setting("oauth_tenant", _("Tenant, for Microsoft"), usual="organizations"),
            Setting("oauth_consent_url", _("Address of its consent page, for another service")),
            Setting("oauth_grant_url", _("Address of its tokens, for another service")),
            Setting("oauth_scope", _("What is asked for, for another service")),
        ),
        seldom=True,
    ),
    Group(
        _("Seldom needed"),
        "",
        (
            Setting("aliases", _("Other addresses that arrive here"), _("Separated by commas."), kind="list"),
            Setting("region", _("Country of telephone numbers"), _("Two letters; for numbers without +."), usual="GB"),
            Setting(
                "colleagues",
                _("Colleagues who pass customers' mails on"),
                _("Addresses or domains. Everybody of this address's own domain is one already."),
                kind="list",
            ),
            Setting(
                "authserv_id",
                _("Servers whose word on the sender counts"),
                _("Their names in Authentication-Results, such as mx.example.org; for Microsoft 365: microsoft."),
                kind="list",
            ),
            Setting("imap_poll_every", _("Seconds between looks"), kind="number", usual="30"),
            Setting("imap_max_bytes", _("Largest mail in bytes"), kind="number", usual="41943040"),
            Setting("smtp_timeout", _("Seconds to wait for the outgoing server"), kind="number", usual="30"),
        ),
        seldom=True,
    ),
)
