"""Mail: bytes to `Mail` (`parse`), text to zones (`split`, `label_lines`, `newly_written`). No Django, no I/O."""

from threadline.core.mail.anatomy import Zones, split
from threadline.core.mail.authentication import SenderCheck, check_sender
from threadline.core.mail.forwarding import forwarded_from
from threadline.core.mail.headers import Address
from threadline.core.mail.masking import without_numbers
from threadline.core.mail.reading import File, Mail, file_bytes, parse
from threadline.core.mail.replies import newly_written
from threadline.core.mail.zones import label_lines, label_lines_2

__all__ = [
    "Address",
    "File",
    "Mail",
    "SenderCheck",
    "Zones",
    "check_sender",
    "file_bytes",
    "forwarded_from",
    "label_lines",
    "label_lines_2",
    "newly_written",
    "parse",
    "split",
    "without_numbers",
]
