"""What a file is, by its bytes and not by its name. Only kinds that people send each other and that nothing runs."""

import re

HEAD = 4096
_HEADS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"PK\x03\x04", "application/zip"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "audio/wav": ("wav",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/mp4": ("m4a",),
    "video/webm": ("webm",),
    "video/quicktime": ("mov",),
    "video/mp4": ("mp4", "m4v"),
    "application/zip": ("zip",),
}
PACKED = {
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "odp": f"{_OPEN}presentation",
}
WRITTEN = {"txt": "text/plain", "log": "text/plain", "csv": "text/csv", "ics": "text/calendar", "vcf": "text/vcard"}
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|svg|script|body|iframe|\?xml)", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def content_type(name: str, data: bytes) -> str:
    """What the file is.

    Raises:
        ValueError: it is of no kind that we send, or not of the kind that its name says; with what to do, in words.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not data:
        raise ValueError(f"“{name}” is empty. Choose another file.")
    found = _of_head(data)
    if found == "application/zip" and ending in PACKED:
        return _packed(name, ending, data)
    if found:
        return _named(name, ending, found)
    return _written(name, ending, data)


def is_picture(data: bytes, kind: str) -> bool:
    """Whether the bytes begin as a picture of this kind does, whatever their sender calls them."""
    return kind.startswith("image/") and _of_head(data) == kind


def _of_head(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] not in (b"WEBP", b"WAVE"):
        return ""
    for at, mark, kind in _HEADS:
        if data[at : at + len(mark)] == mark and (at != 8 or data[:4] == b"RIFF"):
            return kind
    return ""


def _named(name: str, ending: str, found: str) -> str:
    if ending in ENDINGS[found]:
        return found
    right = ENDINGS[found][0]
    raise ValueError(
        f"“{name}” holds a {right.upper()} file, whatever its name says. Name it .{right}, then attach it."
    )


def _packed(name: str, ending: str, data: bytes) -> str:
    head = data[:HEAD]
    marks = b"[Content_Types].xml" in head or b"mimetype" in head or b"_rels/" in head or b"docProps/" in head
    if not marks:
        raise ValueError(f"“{name}” is no document but an archive. Name it .zip, then attach it.")
    return PACKED[ending]


def _written(name: str, ending: str, data: bytes) -> str:
    if _MARKUP.search(data[:HEAD]):
        raise ValueError(f"“{name}” is a web page or a drawing that may carry programs. Attach it as PDF or PNG.")
    if ending not in WRITTEN:
        raise ValueError(
            f"“{name}” is of no kind that we send. Pictures, PDF, office documents, sound, film, text and ZIP go."
        )
    if data.startswith((b"#!", b"MZ", b"\x7fELF")) or _CONTROLS.search(data[:HEAD]) or not _decodes(data):
        raise ValueError(f"“{name}” is named like a text and is none. Attach the file itself, or a ZIP of it.")
    return WRITTEN[ending]


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
