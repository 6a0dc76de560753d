"""Whose mail is passed on? Often the writer's own, from another mailbox of theirs."""

import re
from collections.abc import Sequence

PASSED_ON = re.compile(r"^\s*(?:fwd?|wg|tr|i|rv|enc|vs|vb|pd|doorst?|weitergeleitet)\s*:", re.IGNORECASE)
SENDER = re.compile(
    r"^[>*\s]*(?:from|von|de|van|da|från|fra|od|от|lähettäjä)\s*:[^\n]{0,120}?([\w.%+'-]{1,64}@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE | re.MULTILINE,
)


def forwarded_from(subject: str, quoted: Sequence[str]) -> list[str]:
    """Addresses of those who wrote the mails below, the newest first; none where the subject tells of a reply."""
    if not PASSED_ON.match(subject):
        return []
    found = [match[1].lower() for part in quoted for match in SENDER.finditer(part[:4000])]
    return list(dict.fromkeys(found))[:5]
