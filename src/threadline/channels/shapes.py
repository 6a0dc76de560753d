"""What adapters need to read JSON of providers: objects, moments, texts; whatever is wrong is said. No database."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from threadline.channels.contract import Broken, Inbound, Raw, Refused
from threadline.core.touch import Direction, Handle

LONGEST_TEXT = 500_000


def object_in(body: bytes | None) -> dict[str, Any]:
    """The JSON object that a piece holds. Raises Broken for anything else."""
    try:
        found = json.loads(body or b"")
    except ValueError as error:
        raise Broken(f"This is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Broken("This JSON is no object, with curly brackets around it.")
    return found


def packed(found: Mapping[str, Any]) -> bytes:
    """The bytes of a piece, as small as they get."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def moment(value: object, *, received: Raw | None = None) -> datetime:
    """Seconds or milliseconds since 1970, or ISO 8601. Missing gives when it was received, as far as that is known."""
    if value is None and received is not None:
        return received.received_at or datetime.now(UTC)
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = float(str(value))
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Broken(f"“{str(value)[:80]}” is no moment: {error}.") from error


def introduced(kind: str, scheme: str, who: str, name: str, at: datetime) -> Inbound:
    """What a provider told when it was asked who somebody is: it belongs to no story, and names the person."""
    return Inbound(
        kind=kind,
        direction=Direction.EVENT,
        at=at,
        once_key=f"{kind}:profile:{who}",
        external_id=f"profile:{who}",
        handles=(Handle(scheme, who),),
        name=name[:255],
        thread_key=f"{scheme}:{who}",
        text=f"Is called {name} there",
        automatic="The network told it when it was asked who this is.",
        attributes={"event": "profile"},
    )


def text_of(value: object) -> str:
    return str(value)[:LONGEST_TEXT] if value is not None else ""


def same(given: str, wanted: str) -> bool:
    """Whether two signatures are equal, in constant time."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def refuse(provider: str, event: str, why: str) -> Refused:
    """For an event that the provider documents and that is nothing to us."""
    return Refused(f"{provider}'s event “{event}”: {why}")
