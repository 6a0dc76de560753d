"""What a file is, told by its bytes and never by its name or by what its sender says."""

from threadline.channels.adapters.chat import FILE_BYTES
from threadline.lib.errors import ThreadlineError
from threadline.portal.actions.chatting import Upload

SIGNS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", ".png"),
    (b"\xff\xd8\xff", 0, "image/jpeg", ".jpg"),
    (b"GIF87a", 0, "image/gif", ".gif"),
    (b"GIF89a", 0, "image/gif", ".gif"),
    (b"WEBP", 8, "image/webp", ".webp"),
    (b"%PDF-", 0, "application/pdf", ".pdf"),
)
ENDINGS = {".jpg": (".jpg", ".jpeg")}
LONGEST_NAME = 100


def checked(name: str, data: bytes) -> Upload:
    """Raises ThreadlineError for what is empty, too large, or none of the kinds that we take."""
    if not data:
        raise ThreadlineError("The file is empty.")
    if len(data) > FILE_BYTES:
        raise ThreadlineError(f"The file is larger than {FILE_BYTES // 2**20} MB. Send a smaller one.")
    content_type, ending = kind_of(data)
    return Upload(fitting(name, ending), content_type, data)


def kind_of(data: bytes) -> tuple[str, str]:
    for sign, at, content_type, ending in SIGNS:
        if data[at : at + len(sign)] == sign:
            return content_type, ending
    if is_plain(data):
        return "text/plain", ".txt"
    raise ThreadlineError("We take pictures (PNG, JPEG, GIF, WebP), PDF and plain text. This file is none of them.")


def is_plain(data: bytes) -> bool:
    """Words: UTF-8, nothing that only machines read, and no page that a browser might take for one."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    return all(sign.isprintable() or sign in "\t\r\n\ufeff" for sign in text) and not head.startswith("<")


def fitting(name: str, ending: str) -> str:
    """A name without folders and tricks, that ends as what the file is."""
    bare = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    bare = bare.strip(". ")[-LONGEST_NAME:] or "file"
    return bare if bare.lower().endswith(ENDINGS.get(ending, (ending,))) else f"{bare}{ending}"
