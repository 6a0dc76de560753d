"""What the settings ask about a mailbox."""

from threadline.channels.contract import Group, Setting
from threadline.channels.contract import words as _

SECURITY = ("tls", "starttls", "none")
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
        ),
    ),
    Group(
        _("Seldom needed"),
        "",
        (
            Setting("aliases", _("Other addresses that arrive here"), _("Separated by commas."), kind="list"),
            Setting("region", _("Country of telephone numbers"), _("Two letters; for numbers without +."), usual="GB"),
            Setting("authserv_id", _("Name of your server in Authentication-Results")),
            Setting("imap_poll_every", _("Seconds between looks"), kind="number", usual="30"),
            Setting("imap_max_bytes", _("Largest mail in bytes"), kind="number", usual="41943040"),
            Setting("smtp_timeout", _("Seconds to wait for the outgoing server"), kind="number", usual="30"),
        ),
        seldom=True,
    ),
)
