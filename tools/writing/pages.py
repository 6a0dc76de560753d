"""Which pages there are and what each must say now. Django must be ready before this is imported."""

from collections.abc import Mapping
from pathlib import Path

from tools.writing import api, cli, data_model, gallery, rule_names, settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
WRITTEN = "<!-- Written by tools/docs from the code; changes here are lost. -->"


def pages() -> Mapping[Path, str]:
    """Each generated page and what it must say now."""
    written = {
        "reference/settings.md": settings.page(),
        "reference/cli.md": cli.page(),
        "reference/data-model.md": data_model.page(),
        "reference/api.md": api.page(),
        "pictures/README.md": gallery.page(),
        "reference/rule-names.md": rule_names.page(),
    }
    return {DOCS / name: f"{WRITTEN}\n\n{text.strip()}\n" for name, text in written.items()}
