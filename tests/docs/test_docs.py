"""The documents say what is so: generated pages are fresh, links lead somewhere, commands exist, examples work."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from django.urls import reverse

from threadline.channels.adapters.object import ObjectAdapter
from threadline.channels.contract import Endpoint, Raw
from threadline.config.cli import main
from threadline.config.settings import SETTINGS
from threadline.desk.queries.settings.menu import MENU
from tools.photographer import LOOKS
from tools.screens import every_screen
from tools.writing.pages import pages

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def blocks(document: Path, *languages: str) -> list[str]:
    return [text for language, text in FENCE.findall(document.read_text()) if language in languages]


def headings(document: Path) -> set[str]:
    """The anchors of a page, as hosts of repositories make them."""
    text = FENCE.sub("", document.read_text())
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(document: Path, program: str) -> Iterator[list[str]]:
    """What follows the name of a program in the shell blocks of a page, word by word."""
    for line in "\n".join(blocks(document, "sh")).replace("\\\n", " ").splitlines():
        for part in re.split(r"[;|&()]", line.partition("#")[0]):
            words = shlex.split(part, posix=False) if program in part else []
            if program in words:
                yield words[words.index(program) + 1 :]


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.name)
def test_a_generated_page_says_what_the_code_says(page: Path):
    assert page.read_text() == pages()[page], "Run tools/docs and commit what it wrote."


def test_every_screen_has_its_pictures_and_every_page_of_the_settings_is_among_them():
    names = {screen.name for screen in every_screen()}
    pictures = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.webp")}
    shown = {screen.path for screen in every_screen()}

    assert pictures == {f"{name}{look.ending}" for name in names for look in LOOKS}
    assert {reverse(entry.name) for _, entries in MENU for entry in entries} <= shown


@each_document
def test_every_relative_link_leads_to_a_file_and_a_heading(document: Path):
    targets = [target for target in LINK.findall(document.read_text()) if "://" not in target]

    for target in targets:
        path, _, anchor = unquote(target).partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in headings(file), f"{target} names no heading there"


@each_document
def test_every_target_of_make_that_a_page_names_exists(document: Path):
    makefile = (ROOT / "Makefile").read_text()

    for words in commands(document, "make"):
        target = next((word for word in words if "=" not in word), "help")
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"there is no make {target}"


@each_document
def test_every_threadline_command_that_a_page_names_exists(document: Path):
    for words in commands(document, ".venv/bin/threadline"):
        command: click.Command = main
        while isinstance(command, click.Group):
            assert words, "a group alone does nothing"
            assert words[0] in command.commands, f"there is no threadline {words[0]}"
            command, words = command.commands[words[0]], words[1:]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, f"{words} has an option"


@each_document
def test_every_tool_that_a_page_names_exists(document: Path):
    named = {line.split()[0] for block in blocks(document, "sh") for line in block.splitlines() if "tools/" in line[:6]}

    assert all((ROOT / name).exists() for name in named), named


@each_document
def test_every_setting_that_a_page_names_exists(document: Path):
    named = set(re.findall(r"\bTHREADLINE_([A-Z_]+)\b", document.read_text())) - {"NAME", "NAME_FILE"}

    assert {name.removesuffix("_FILE") for name in named} <= set(SETTINGS)


@each_document
def test_every_example_of_an_interaction_can_be_read(document: Path):
    for block in blocks(document, "json"):
        given = json.loads(block)
        endpoint = Endpoint(given["channel"], given["endpoint"])

        (inbound,) = ObjectAdapter(endpoint).parse(Raw(payload=given))

        assert inbound.text == given["text"]
        assert inbound.handles


def test_every_page_of_the_docs_can_be_reached_from_the_readme():
    reached, waiting = set[Path](), [ROOT / "README.md"]

    while waiting:
        page = waiting.pop()
        reached.add(page)
        found = [(page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(page.read_text())]
        files = [
            each for path in found if path.exists() for each in ([*path.glob("*.md")] if path.is_dir() else [path])
        ]
        waiting += [file for file in files if file.suffix == ".md" and file not in reached]

    assert set(DOCUMENTS) <= reached


def test_the_list_of_guides_names_every_guide():
    guides = ROOT / "docs" / "how-to"
    listed = set(LINK.findall((guides / "README.md").read_text()))

    assert listed == {path.name for path in guides.glob("*.md")} - {"README.md"}
