"""docs/reference/cli.md, from the command line itself."""

from collections.abc import Iterator

import click

from threadline.config.cli import main

WIDTH = 100
ABOVE = """
# The command line

The program is `.venv/bin/threadline`. Commands that need the database start the embedded one when nobody runs it, and
stop it again afterwards. An error meant for you is one sentence; the exit code is then 1.
"""


def page() -> str:
    return ABOVE + "\n" + "\n".join(told(name, command) for name, command in commands(main))


def commands(group: click.Group, before: str = "threadline") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, those of groups too."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def told(name: str, command: click.Command) -> str:
    # Under the program itself, as it is called: -h comes from there, and click keeps the first answer for good.
    above = click.Context(main, info_name="", **main.context_settings)
    context = click.Context(command, above, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"
