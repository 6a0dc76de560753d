"""Which pages there are and what each must say now. Django must be ready before this is imported."""

from collections.abc import Mapping
from pathlib import Path

from tools.writing import api, cli, data_model, settings

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
WRITTEN = "<!-- Written by tools/docs from the code; changes here are lost. -->"


def pages() -> Mapping[Path, str]:
    """Each generated page and what it must say now."""
    written = {
        "settings.md": settings.page(),
        "cli.md": cli.page(),
        "data-model.md": data_model.page(),
        "api.md": api.page(),
    }
    return {REFERENCE / name: f"{WRITTEN}\n\n{text.strip()}\n" for name, text in written.items()}
