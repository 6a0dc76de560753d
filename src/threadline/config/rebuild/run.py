"""What `threadline rebuild` does: write the history down, conclude it anew, and say what would stand elsewhere."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from threadline.config.bars import bar
from threadline.config.rebuild import history, ledger
from threadline.core.history import Concluded, conclude
from threadline.core.understanding.encoder import MODELS, Encoder, encoder_named
from threadline.interactions import intents
from threadline.journeys import weights
from threadline.lib.errors import ThreadlineError

SHOWN = 5


def rebuild(*, on: str, to: Path, master: str = "local[*]", say: Callable[[str], None] = lambda line: None) -> str:
    """Conclude the whole history anew into the Parquet file `to`, without touching what stands.

    Args:
        on: "here" for this machine, "spark" for Spark.
        master: where Spark runs.
    Returns: how much of it differs from today, in words.
    """
    with tempfile.TemporaryDirectory(prefix="threadline-history-") as name:
        folder = Path(name)
        with bar("The history as Parquet") as progress:
            count = history.write_touches(folder, ledger.touches(progress))
        if not count:
            raise ThreadlineError("The ledger holds no touch yet. Import some, or wait for the first one.")
        history.write_known(folder, ledger.known())
        history.write_models(folder, intents.in_use(), weights.in_use())
        say(f"{count:,} touches written down; concluding them on {'Spark' if on == 'spark' else 'this machine'} …")
        found = on_spark(folder, master) if on == "spark" else here(folder)
    found = kept_as_ruled(found)
    history.write_answer(to, found)
    return compared(found, to)


def here(folder: Path) -> list[Concluded]:
    models = history.read_models(folder, encoder())
    return conclude(list(history.read_touches(folder)), history.read_known(folder), models)


def on_spark(folder: Path, master: str) -> list[Concluded]:
    from threadline.config.rebuild.on_spark import rebuild as on_workers

    on_workers(folder, folder / "answer", encoder=settings.ENCODER if settings.ENCODER in MODELS else "", master=master)
    return history.read_answer(folder / "answer")


def encoder() -> Encoder | None:
    """Only those that run here: a service would be asked for every text of years."""
    return encoder_named(settings.ENCODER, settings.ENCODER_THREADS) if settings.ENCODER in MODELS else None


def kept_as_ruled(found: list[Concluded]) -> list[Concluded]:
    """What an agent said about a touch is never overruled."""
    ruled = ledger.ruled()
    return [
        replace(one, journey=ruled[one.touch], confidence=1.0, reason="An agent put it there.")
        if one.touch in ruled
        else one
        for one in found
    ]


def compared(found: list[Concluded], to: Path) -> str:
    """Touches whose company changes: story numbers may differ, who stands together is what counts."""
    today = ledger.standing()
    elsewhere = moved({one.touch: one.journey for one in found if one.journey is not None}, today)
    lines = [f"{len(found):,} touches concluded; {len(elsewhere):,} would stand in another story than today."]
    lines += [f"  touch {touch}, today in story {today.get(touch, 'none')}" for touch in sorted(elsewhere)[:SHOWN]]
    return "\n".join([*lines, f"Written: {to}. Nothing was changed; `threadline replay` rebuilds what stands."])


def moved(new: dict[int, int], old: dict[int, int]) -> set[int]:
    """Touches that no longer stand in the story in which most of their old company does now."""
    company: dict[int, list[int]] = {}
    for touch, journey in old.items():
        company.setdefault(journey, []).append(touch)
    gone = set(new) - set(old)
    for touches in company.values():
        homes = [new[touch] for touch in touches if touch in new]
        most = max(sorted(set(homes)), key=homes.count) if homes else None
        gone |= {touch for touch in touches if new.get(touch) != most}
    return gone
