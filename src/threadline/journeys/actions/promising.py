"""Changes to one calendar or one promise: each makes a new version of the book."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from threadline.accounts.models import Agent
from threadline.core import promises
from threadline.core.calendars import Calendar
from threadline.core.promises import Book, Promise
from threadline.journeys.actions.promises import use_book
from threadline.journeys.models import PromiseBook
from threadline.lib.errors import ThreadlineError

Entry = TypeVar("Entry", Calendar, Promise)
KEY_LENGTH = 12


def save_calendar(*, key: str, calendar: Calendar, by: Agent, now: datetime, seen: int) -> PromiseBook:
    """Set a calendar, or make one when `key` is empty. What is under way stays due when it was."""
    book, name = newest(), named(calendar.name, "calendar")
    refuse_same_name(book.calendars, key, name)
    changed = replace(book, calendars=with_entry(book.calendars, key, calendar))
    return use_book(book=changed, words=said(book.calendars, key, "Calendar", name), by=by, now=now, seen=seen)


def save_promise(*, key: str, promise: Promise, by: Agent, now: datetime, seen: int) -> PromiseBook:
    book, name = newest(), named(promise.name, "promise")
    refuse_same_name(book.promises, key, name)
    changed = checked(lambda: replace(book, promises=with_entry(book.promises, key, promise)))
    return use_book(book=changed, words=said(book.promises, key, "Promise", name), by=by, now=now, seen=seen)


def remove_calendar(*, key: str, by: Agent, now: datetime, seen: int) -> PromiseBook:
    """Take a calendar out that no promise counts by."""
    book = newest()
    name = known(book.calendars, key).name
    users = [promise.name for promise in book.promises.values() if promise.calendar == key]
    if users:
        raise ThreadlineError(f"“{name}” is used by: {', '.join(users)}. Give them another calendar first.")
    rest = {other: one for other, one in book.calendars.items() if other != key}
    return use_book(book=replace(book, calendars=rest), words=f"Calendar “{name}” removed", by=by, now=now, seen=seen)


def remove_promise(*, key: str, by: Agent, now: datetime, seen: int) -> PromiseBook:
    book = newest()
    name = known(book.promises, key).name
    rest = {other: one for other, one in book.promises.items() if other != key}
    return use_book(book=replace(book, promises=rest), words=f"Promise “{name}” removed", by=by, now=now, seen=seen)


def newest() -> Book:
    row = PromiseBook.objects.order_by("-since", "-pk").first()
    return promises.read(row.book) if row else Book()


def checked(make: Callable[[], Any]) -> Any:
    """What the core refuses, as an error for people."""
    try:
        return make()
    except ValueError as error:
        raise ThreadlineError(str(error)) from error


def named(name: str, what: str) -> str:
    if not name.strip():
        raise ThreadlineError(f"The {what} has no name. Give it one that colleagues understand.")
    return name.strip()


def known(entries: Mapping[str, Entry], key: str) -> Entry:
    if key not in entries:
        raise ThreadlineError("This is no longer there. Somebody may have removed it; look at the list.")
    return entries[key]


def with_entry(entries: Mapping[str, Entry], key: str, entry: Entry) -> dict[str, Entry]:
    if key:
        known(entries, key)
    return {**entries, key or uuid4().hex[:KEY_LENGTH]: entry}


def refuse_same_name(entries: Mapping[str, Entry], key: str, name: str) -> None:
    if any(one.name == name for other, one in entries.items() if other != key):
        raise ThreadlineError(f"There is a “{name}” already. Choose another name.")


def said(entries: Mapping[str, Entry], key: str, what: str, name: str) -> str:
    return f"{what} “{name}” {'changed' if key in entries else 'added'}"
