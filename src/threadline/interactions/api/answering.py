"""Saying no."""

from typing import NoReturn

from starlette.exceptions import HTTPException


def refuse(status: int, reason: str, **headers: str) -> NoReturn:
    """Answer with an error in words; nothing of the request was taken."""
    raise HTTPException(status, reason, {name.replace("_", "-"): value for name, value in headers.items()} or None)
