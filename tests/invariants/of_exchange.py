"""What must never be in what providers tell, as the database refuses it."""

from tests import make
from threadline.interactions.models import BadAddress, Interaction, Media, OptOut, Told

ENTRY = "(select max(id) from interactions_intakeentry)"
TOLD = "insert into interactions_told (entry_id, channel_id, external_id, state, at, reason, once_key, proof) select"
SOURCE = "from channels_channel order by id limit 1"


def build(touch: Interaction) -> None:
    """Telegram told that one of ours was delivered, Ana wants no more of it, and her photo lies there."""
    about = {"channel": touch.channel, "at": make.NOW}
    Told.objects.create(entry_id=touch.pk, external_id="m1", state="delivered", once_key="m1:delivered", **about)
    OptOut.objects.create(address="1001", **about)
    BadAddress.objects.create(address="gone@example.com", reason="550 User unknown", at=make.NOW)
    Media.objects.create(entry_id=touch.pk, part=1, source="file-1")


EXCHANGE = [
    ("told_state_known", "told that it flew away", "update interactions_told set state = 'flown'"),
    (
        "interactions_told_once_key_key",
        "one report twice",
        f"{TOLD} {ENTRY}, id, 'm1', 'read', now(), '', 'm1:delivered', '{{}}' {SOURCE}",
    ),
    (
        "one_opt_out_each",
        "silence asked for twice",
        "insert into interactions_optout (channel_id, address, at, only_automatic)"
        " select channel_id, address, at, only_automatic from interactions_optout",
    ),
    ("opt_out_of_a_thread_is_of_machines", "silence in one thread", "update interactions_optout set thread = 1"),
    (
        "interactions_badaddress_address_key",
        "one address barred twice",
        "insert into interactions_badaddress (address, bounced, reason, at)"
        " select address, bounced, reason, at from interactions_badaddress",
    ),
    ("bad_address_has_a_reason", "barred, nobody knows why", "update interactions_badaddress set reason = ''"),
    (
        "one_media_per_part",
        "one file fetched twice",
        "insert into interactions_media (entry_id, part, source, state, reason,"
        " tries) select entry_id, part, source, state, reason, tries from interactions_media",
    ),
    ("media_here_has_bytes", "a file without bytes", "update interactions_media set state = 'here'"),
    ("media_gone_has_a_reason", "gone, nobody knows why", "update interactions_media set state = 'gone'"),
    ("interactions_media_tries_check", "tried less than never", "update interactions_media set tries = -1"),
    ("channels_channel_missing_check", "less than nothing is missing", "update channels_channel set missing = -1"),
]
