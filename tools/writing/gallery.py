"""The page that shows every screen, light, dark and on a phone."""

from tools.screens import ROOMS, Screen

HEAD = """# Every screen

Taken by `tools/pictures` from the sample company. Each is shown wide in light and dark, and on a phone of 360 px.
"""
COLUMNS = "| Light | Dark | Phone |\n|---|---|---|\n"


def page() -> str:
    return "\n".join([HEAD, *(f"## {room}\n\n{''.join(map(_row, screens))}" for room, screens in ROOMS.items())])


def _row(screen: Screen) -> str:
    shown = " | ".join(
        f'<img src="{screen.name}{ending}.webp" alt="{screen.words}, {look}" width="{width}">'
        for ending, look, width in (("", "light", 380), ("-dark", "dark", 380), ("-phone", "on a phone", 130))
    )
    return f"**{screen.words}** (`{screen.path}`)\n\n{COLUMNS}| {shown} |\n\n"
