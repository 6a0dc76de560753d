"""The history as Parquet: every accepted touch as the pure functions see it, and what else they need to know."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from threadline.core.history import Concluded, Known, Models
from threadline.core.stitching import Model
from threadline.core.touch import Direction, Handle, Level, Touch
from threadline.core.understanding import NumberShape
from threadline.core.understanding.encoder import Encoder
from threadline.core.understanding.intents import IntentModel

TOUCHES, KNOWN = "touches.parquet", "known.json"
INTENTS, STITCHING = "intents.npz", "stitching.json"
ROWS = 5_000  # in one piece of the file
HANDLE = pa.struct([("scheme", pa.string()), ("value", pa.string()), ("level", pa.string())])
SCHEMA = pa.schema(
    [
        *(("id", pa.int64()), ("at", pa.timestamp("us", tz="UTC")), ("kind", pa.string()), ("direction", pa.string())),
        *(("channel", pa.int64()), ("thread", pa.int64()), ("public", pa.bool_()), ("brand", pa.int64())),
        *(("handles", pa.list_(HANDLE)), ("name", pa.string()), ("subject", pa.string()), ("text", pa.string())),
        *(("signature", pa.string()), ("automatic", pa.string()), ("attributes", pa.string())),
    ]
)
ANSWER = pa.schema(
    [
        *(("touch", pa.int64()), ("customer", pa.int64()), ("journey", pa.int64())),
        *(("confidence", pa.float64()), ("reason", pa.string())),
    ]
)


def write_touches(folder: Path, batches: Iterable[Sequence[Touch]]) -> int:
    """Returns how many there were. Nobody sees half a file: it gets its name when it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    part, written = folder / f"{TOUCHES}.part", 0
    with pq.ParquetWriter(part, SCHEMA) as file:
        for touches in batches:
            file.write_table(pa.Table.from_pylist([row_of(touch) for touch in touches], schema=SCHEMA))
            written += len(touches)
    part.replace(folder / TOUCHES)
    return written


def read_touches(folder: Path) -> Iterator[Touch]:
    for batch in pq.ParquetFile(folder / TOUCHES).iter_batches(ROWS):
        yield from map(touch_of, batch.to_pylist())


def row_of(touch: Touch) -> dict[str, Any]:
    row = {name: getattr(touch, name) for name in SCHEMA.names if name not in ("handles", "attributes", "direction")}
    handles = [{"scheme": one.scheme, "value": one.value, "level": str(one.level)} for one in touch.handles]
    attributes = orjson.dumps(touch.attributes, default=str).decode()
    return row | {"direction": str(touch.direction), "handles": handles, "attributes": attributes}


def touch_of(row: Mapping[str, Any]) -> Touch:
    """The touch of a row of Parquet, be it read by Arrow or by Spark."""
    at = row["at"]
    handles = tuple(Handle(one["scheme"], one["value"], Level(one["level"])) for one in row["handles"])
    same = {name: row[name] for name in ("kind", "name", "subject", "text", "signature", "automatic")}
    return Touch(
        id=int(row["id"]),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        direction=Direction(row["direction"]),
        channel=int(row["channel"]),
        thread=int(row["thread"]),
        public=bool(row["public"]),
        brand=None if row["brand"] is None or row["brand"] != row["brand"] else int(row["brand"]),
        handles=handles,
        attributes=json.loads(row["attributes"]),
        **same,
    )


def write_known(folder: Path, known: Known) -> None:
    plain = asdict(known) | {name: sorted(getattr(known, name)) for name in ("products", "common", "apart")}
    (folder / KNOWN).write_bytes(orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2))


def read_known(folder: Path) -> Known:
    plain = json.loads((folder / KNOWN).read_text())
    return Known(
        products=frozenset(plain["products"]),
        common=frozenset(plain["common"]),
        shapes=tuple(NumberShape(**shape) for shape in plain["shapes"]),
        regions={int(channel): region for channel, region in plain["regions"].items()},
        apart=frozenset((one, other) for one, other in plain["apart"]),
        merges=tuple((after, loser, survivor) for after, loser, survivor in plain["merges"]),
    )


def write_models(folder: Path, intents: IntentModel, stitching: Model) -> None:
    (folder / INTENTS).write_bytes(intents.to_bytes())
    (folder / STITCHING).write_bytes(orjson.dumps(stitching.written()))


def read_models(folder: Path, encoder: Encoder | None) -> Models:
    """What was learned, and the encoder; folders without models mean those that come with Threadline."""
    intents, stitching = folder / INTENTS, folder / STITCHING
    return Models(
        encoder,
        IntentModel.from_bytes(intents.read_bytes()) if intents.exists() else None,
        Model.read(json.loads(stitching.read_text())) if stitching.exists() else None,
    )


def write_answer(file: Path, concluded: Iterable[Concluded]) -> None:
    pq.write_table(pa.Table.from_pylist([asdict(one) for one in concluded], schema=ANSWER), file)


def read_answer(place: Path) -> list[Concluded]:
    """From one file, or from a folder of them as Spark writes it; in the order of the touches."""
    rows = pq.read_table(place, schema=ANSWER).sort_by("touch").to_pylist()
    return [Concluded(**row) for row in rows]
