"""What our own messages carry."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.core import signing

from threadline.channels.contract import Enclosure, File
from threadline.interactions.models import IntakeEntry, Upload
from threadline.lib.errors import ThreadlineError

MOST_COPIES = 10
ENCLOSURE = "threadline.enclosure"
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+\.[^\s<>()\[\],;:\"@]+")
_BETWEEN = re.compile(r"[\s,;]+")


def reply_subject(thread_subject: str, title: str) -> str:
    """`Re:` once, whatever the thread has gathered; a reply that begins a thread is titled with the story."""
    subject = " ".join((thread_subject or title or "Your message").split())
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def copies(written: str) -> list[str]:
    """The addresses of a cc field, each once. Raises ThreadlineError as `good_copies` does."""
    found = [address.lower() for address in _BETWEEN.split(written) if address]
    return good_copies(list(dict.fromkeys(found)))


def good_copies(addresses: Sequence[str]) -> list[str]:
    """Raises ThreadlineError for what is no address, and for more than go."""
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            raise ThreadlineError(f"“{address}” in cc is not an e-mail address. Correct it, or remove it.")
    if len(addresses) > MOST_COPIES:
        raise ThreadlineError(f"These are {len(addresses)} addresses in cc; {MOST_COPIES} go. Remove some.")
    return list(addresses)


# ---- files that agents attached: an entry of the ledger names them, their bytes lie among the uploads ---------------


def announced(files: Iterable[Upload]) -> list[dict[str, object]]:
    return [
        {"upload": file.pk, "name": file.name, "content_type": file.content_type, "size": file.size} for file in files
    ]


def files_of(entry: IntakeEntry) -> tuple[File, ...]:
    """The files of one of our own messages; `part` is the upload."""
    return tuple(
        File(str(file["name"]), str(file["content_type"]), int(str(file["size"])), part=int(str(file["upload"])))
        for file in _named(entry)
    )


def enclosures(entry: IntakeEntry) -> tuple[Enclosure, ...]:
    """The same with their bytes, to be sent."""
    data = dict(Upload.objects.filter(pk__in=[file["upload"] for file in _named(entry)]).values_list("pk", "data"))
    return tuple(
        Enclosure(file.name, file.content_type, bytes(data[file.part]), url=enclosure_url(file.part))
        for file in files_of(entry)
    )


def enclosure_url(upload: int) -> str:
    """Where a provider that fetches files itself finds this one: nobody can guess it, and it ends after a day."""
    return f"{settings.PUBLIC_URL}/in/files/{signing.dumps(upload, salt=ENCLOSURE)}"


def desk_of(entry: IntakeEntry) -> Mapping[str, object]:
    """What the desk itself said beside the message; nothing of what others send under that name."""
    said = (entry.payload or {}).get("desk") if entry.source == "desk" else None
    return said if isinstance(said, Mapping) else {}


def _named(entry: IntakeEntry) -> list[Mapping[str, object]]:
    named = desk_of(entry).get("files")
    return named if isinstance(named, list) else []
