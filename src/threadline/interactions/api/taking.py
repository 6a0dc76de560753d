"""Taking interactions in: whatever requests wait at a moment go into the ledger together, with one transaction.

Making a commit durable costs some milliseconds however much it holds, and commits that wake the pipeline wait for
each other. So requests that arrive meanwhile are written by the next commit, all of them. Nobody gets an answer before
the commit that holds the request.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from starlette.exceptions import HTTPException

from threadline.interactions.actions.intake import receive_each
from threadline.interactions.api.answering import refuse
from threadline.interactions.api.door import in_thread
from threadline.interactions.api.judging import judged
from threadline.interactions.models import Receipt
from threadline.interactions.objects import Judged

log = logging.getLogger(__name__)
LONGEST_KEY = 200
TOGETHER_BYTES = 4 * 1024 * 1024
TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    repeated: bool = False


@dataclass(eq=False, slots=True)
class Asked:
    """One request. `once` is its idempotency key: the same key with the same body gets the same answer."""

    body: bytes
    api_key: int
    once: str
    items: Sequence[Judged] = ()
    outcome: Answer | HTTPException | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def receipt_key(self) -> tuple[int, str]:
        return self.api_key, self.once


# ---- gathering -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Gathering:
    """Requests that wait for the next commit. Lives in the event loop, so it needs no locks."""

    waiting: list[tuple[Asked, asyncio.Future[Answer]]] = field(default_factory=list)
    working: asyncio.Task[None] | None = None

    async def take(self, body: bytes, *, api_key: int, once: str | None) -> Answer:
        """Wait until the request stands in the ledger.

        Raises:
            HTTPException: nothing of it was taken, for the reason said.
        """
        if once is not None and not (0 < len(once) <= LONGEST_KEY and once.isprintable()):
            refuse(400, f"The Idempotency-Key has {len(once)} characters. Send 1 to {LONGEST_KEY} printable ones.")
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append((Asked(body, api_key, once or ""), answer))
        if self.working is None or self.working.done():
            self.working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self.waiting:
            together = self._next()
            asked = [each for each, _ in together]
            try:
                await in_thread(write, asked)
            except Exception as error:
                settle(asked, error)
            for each, answer in together:
                deliver(each, answer)

    def _next(self) -> list[tuple[Asked, asyncio.Future[Answer]]]:
        count = size = 0
        while count < min(len(self.waiting), TOGETHER) and (count == 0 or size < TOGETHER_BYTES):
            size += len(self.waiting[count][0].body)
            count += 1
        together, self.waiting = self.waiting[:count], self.waiting[count:]
        return together


gathering = Gathering()


def settle(asked: Sequence[Asked], error: Exception) -> None:
    """Whoever has no answer yet hears of the error."""
    if not isinstance(error, HTTPException):
        log.error("requests could not be written", exc_info=error)
        error = HTTPException(500, f"Storing it failed ({type(error).__name__}), so nothing was taken. Tell an admin.")
    for each in asked:
        each.outcome = each.outcome or error


def deliver(asked: Asked, answer: asyncio.Future[Answer]) -> None:
    if answer.cancelled():  # the sender hung up; what was taken stays
        return
    if isinstance(asked.outcome, Answer):
        answer.set_result(asked.outcome)
    else:
        answer.set_exception(asked.outcome or HTTPException(500, "No answer was made. Send it again."))


# ---- writing ---------------------------------------------------------------------------------------------------


def write(asked: Sequence[Asked]) -> None:
    """Judge and store requests, and give each its outcome. One that can not be stored does not hold up the others."""
    for each in asked:
        read(each)
    readable = [each for each in asked if each.outcome is None]
    try:
        store_and_answer(readable)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(readable) == 1:
            settle(readable, error)
        else:
            for each in readable:
                write_alone(each)


def write_alone(asked: Asked) -> None:
    try:
        store_and_answer([asked])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        settle([asked], error)


def store_and_answer(asked: Sequence[Asked]) -> None:
    """Nobody has an answer before the commit went well: a database that goes away may take it back until then."""
    for each, outcome in zip(asked, store(asked), strict=True):
        each.outcome = outcome


def read(asked: Asked) -> None:
    try:
        asked.items = judged(asked.body)
    except HTTPException as error:
        asked.outcome = error


@transaction.atomic
def store(asked: Sequence[Asked]) -> list[Answer | HTTPException]:
    """All in one transaction: ledger rows, and receipts for requests with an idempotency key."""
    known = receipts([each for each in asked if each.once])
    first: dict[int, Asked] = {}
    fresh: set[tuple[int, str]] = set()
    for number, each in enumerate(asked):
        if not each.once or (each.receipt_key not in known and each.receipt_key not in fresh):
            first[number] = each
            fresh.add(each.receipt_key)
    answers = dict(zip(first, write_ledger(list(first.values())), strict=True))
    for receipt in write_receipts([(each, answers[number]) for number, each in first.items() if each.once]):
        known[receipt.api_key_id, receipt.key] = receipt
    return [answers.get(number) or repeated(each, known[each.receipt_key]) for number, each in enumerate(asked)]


def receipts(asked: Sequence[Asked]) -> dict[tuple[int, str], Receipt]:
    """Answers given before under these keys. Another process that has one of them in hand is waited for."""
    if not asked:
        return {}
    names, keys = [each.once for each in asked], [each.api_key for each in asked]
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [names, keys])
    found = Receipt.objects.filter(api_key__in=set(keys), key__in=set(names))
    return {(receipt.api_key_id, receipt.key): receipt for receipt in found}


LOCK = """
    select pg_advisory_xact_lock(number) from (
        select distinct hashtextextended(name, key) as number from unnest(%s::text[], %s::bigint[]) as asked (name, key)
        order by 1
    ) as numbers
"""


def write_ledger(asked: Sequence[Asked]) -> list[Answer]:
    items = [item for each in asked for item in each.items]
    numbers = iter(receive_each(items, source="api") if items else ())
    return [answer_of(each.items, [next(numbers) for _ in each.items]) for each in asked]


def write_receipts(answered: Sequence[tuple[Asked, Answer]]) -> list[Receipt]:
    made = []
    for each, answer in answered:
        kept = {"status": answer.status, "body": answer.body.decode()}
        made.append(Receipt(api_key_id=each.api_key, key=each.once, digest=each.digest, answer=kept))
    return Receipt.objects.bulk_create(made)


def repeated(asked: Asked, receipt: Receipt) -> Answer | HTTPException:
    if receipt.digest != asked.digest:
        words = f"The Idempotency-Key {asked.once!r} came before with another body. Use a new key for a new request."
        return HTTPException(409, words)
    return Answer(receipt.answer["status"], receipt.answer["body"].encode(), repeated=True)


# ---- answering -------------------------------------------------------------------------------------------------


def answer_of(items: Sequence[Judged], numbers: Sequence[int]) -> Answer:
    """200 when all were accepted, 422 when none was, 207 for anything in between."""
    results = [result(index, entry, item) for index, (entry, item) in enumerate(zip(numbers, items, strict=True))]
    refused = sum(bool(item.refused) for _, item in items)
    status = 200 if not refused else 422 if refused == len(items) else 207
    answer = {"accepted": len(items) - refused, "refused": refused, "results": results}
    return Answer(status, orjson.dumps(answer))


def result(index: int, entry: int, judged: Judged) -> dict[str, object]:
    item = judged[1]
    return {
        "index": index,
        "id": item.external_id,
        "entry": entry,
        "verdict": "refused" if item.refused else "accepted",
        "reason": item.refused,
    }
