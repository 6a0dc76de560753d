"""What the mailbox itself has, beside what its reader brought: to find gaps and to fill them."""

import imaplib
from collections.abc import Sequence
from datetime import datetime

from imap_tools import ImapToolsError

from threadline.channels.contract import Endpoint, Fetched, Piece, Rejected
from threadline.channels.listeners.imap import Connection, Cursor, Mailbox, in_words


def history(endpoint: Endpoint, since: datetime) -> Fetched:
    """Everything that came since then, by `uidvalidity:uid`, without the mails.

    Raises:
        Failure: mail is handed over by a server, so that there is no mailbox to look into; or it can not be read now.
    """
    if not endpoint.setting("imap_host"):
        raise Rejected("Mail to this address is handed over by your mail server. It keeps no list that we could read.")
    mailbox = Mailbox.from_settings(endpoint.settings)
    try:
        with Connection(mailbox) as connection:
            uids, validity = connection.came_since(since), connection.validity
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise in_words(error, mailbox) from error
    return Fetched(tuple(Piece(b"", f"{validity}:{uid}") for uid in uids))


def fill(endpoint: Endpoint, pieces: Sequence[Piece]) -> list[Piece]:
    """The same with their mails; without those that were deleted, or that lie in a mailbox that was made anew."""
    mailbox = Mailbox.from_settings(endpoint.settings)
    found: list[Piece] = []
    try:
        with Connection(mailbox) as connection:
            named = [Cursor.read(piece.external_id) for piece in pieces]
            uids = sorted(one.uid for one in named if one.validity == connection.validity)
            for uid, size in connection.sizes(uids).items():
                for mail in connection.fetch({uid: size}):
                    found.append(Piece(mail.raw or b"", mail.external_id, refused=mail.refused))
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise in_words(error, mailbox) from error
    return found
