"""Support on Twitter, measured on excerpts of TWCS: is a customer's tweet about something new, or of which earlier
conversation? Links between tweets are hidden; who wrote a tweet, when, and whom its text mentions are known."""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from threadline.config.bars import Advance
from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.measures.grouping import bcubed_f1, mean
from threadline.core.stitching import Model, Stories, stitch
from threadline.core.stitching.training import Placed, choices, fit
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding, understand
from threadline.core.understanding.encoder import default_encoder
from threadline.core.understanding.meaning import with_vectors
from threadline.lib.errors import ThreadlineError

FOLDS, AT_ONCE = 5, 500
PAUSE = timedelta(hours=24)
MENTION = re.compile(r"@(\w+)")
LEADING = re.compile(r"^(?:@\w+\s*)+")
KNOWN = Decision("recognise", "The author's handle.", 1.0, "given")


@dataclass(frozen=True, slots=True)
class Tweet:
    """`author` is the customer's side of it, also of what the brand wrote."""

    file: str
    placed: Placed
    author: str
    group: int

    @property
    def ours(self) -> bool:
        return self.placed.touch.direction == Direction.OUT


ModelOf = Callable[[Tweet], Model]


def thread_twcs(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Without `test` cross-validated: customers whose conversations hang together are in one part of five."""
    learned_from = tweets_of(folder, progress)
    if test is None:
        models = {fold: learn(learned_from, without=fold) for fold in range(FOLDS)}
        return measured(learned_from, lambda tweet: models[tweet.group % FOLDS])
    model = learn(learned_from)
    return measured(tweets_of(test, progress), lambda tweet: model)


# ---- reading ---------------------------------------------------------------------------------------------------


def tweets_of(folder: Path, progress: Advance) -> list[Tweet]:
    rows = [(file.name, row) for file in sorted(folder.glob("*.csv.gz")) for row in rows_of(file)]
    if not rows:
        raise ThreadlineError(f"{folder} holds no file that ends in .csv.gz. Name the folder of a set.")
    found = [(file, row, author) for file, row in rows if (author := author_of(row))]
    touches = [touch_of(number, row) for number, (_, row, _) in enumerate(found, start=1)]
    understandings = list(read(touches, progress))
    groups = groups_of([(author, row["conversation"]) for _, row, author in found])
    customers: dict[tuple[str, str], int] = {}
    return [
        Tweet(
            file,
            Placed(touch, known, customers.setdefault((file, author), touch.id), f"{author} {row['conversation']}"),
            author,
            groups[author],
        )
        for (file, row, author), touch, known in zip(found, touches, understandings, strict=True)
    ]


def rows_of(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: (row["created_at"], int(row["tweet_id"])))


def author_of(row: Mapping[str, str]) -> str:
    """The customer: who wrote it, or whom the brand mentions first."""
    if row["inbound"] == "True":
        return row["author_id"]
    return next((name for name in MENTION.findall(row["text"]) if name.isdigit()), "")


def touch_of(number: int, row: Mapping[str, str]) -> Touch:
    return Touch(
        id=number,
        at=datetime.fromisoformat(row["created_at"].replace("Z", "+00:00")),
        kind="x",
        direction=Direction.IN if row["inbound"] == "True" else Direction.OUT,
        channel=1,
        thread=number,
        public=True,
        brand=1,
        text=LEADING.sub("", row["text"]).replace("&amp;", "&"),
    )


def read(touches: Sequence[Touch], progress: Advance) -> Iterator[Understanding]:
    for start in range(0, len(touches), AT_ONCE):
        progress(start, len(touches))
        some = touches[start : start + AT_ONCE]
        for known in with_vectors(some, [understand(touch) for touch in some], default_encoder()):
            yield replace(known, triage="question") if known.triage == "noise" else known
    progress(len(touches), len(touches))


def groups_of(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Author to the number of the group of authors that share conversations."""
    parent: dict[str, str] = {}

    def root(each: str) -> str:
        while parent.setdefault(each, each) != each:
            each = parent[each]
        return each

    for author, conversation in pairs:
        parent[root(f"in {conversation}")] = root(author)
    numbers: dict[str, int] = {}
    return {author: numbers.setdefault(root(author), len(numbers)) for author, _ in pairs}


# ---- learning and measuring ------------------------------------------------------------------------------------


def learn(tweets: Sequence[Tweet], *, without: int | None = None) -> Model:
    chosen = (tweet.placed for tweet in tweets if tweet.group % FOLDS != without)
    return fit(list(choices(chosen)), version="learned-for-this-measurement", about={})


def measured(tweets: Sequence[Tweet], model_of: ModelOf) -> dict[str, float]:
    """Over what customers wrote: all files together, then each."""
    ours, pauses = stitched(tweets, model_of), after_a_pause(tweets)
    found = of_answer(tweets, ours) | {f"baseline_24_hours_{k}": v for k, v in of_answer(tweets, pauses).items()}
    for file in sorted({tweet.file for tweet in tweets}):
        part = [tweet for tweet in tweets if tweet.file == file]
        found |= {f"{file.rpartition('_')[0]}_{name}": value for name, value in of_answer(part, ours).items()}
    return found


def stitched(tweets: Sequence[Tweet], model_of: ModelOf) -> dict[str, str]:
    stories = Stories()
    homes: dict[str, str] = {}
    for tweet in tweets:
        placed = tweet.placed
        recognition = Recognition(placed.customer, KNOWN, at=placed.touch.at)
        found = stitch(placed.touch, placed.understanding, recognition, stories, model=model_of(tweet))
        stories.apply(found)
        homes[str(placed.touch.id)] = str(found.journey)
    return homes


def after_a_pause(tweets: Sequence[Tweet]) -> dict[str, str]:
    """The simplest rule: what one customer writes is one conversation until both are silent for a day."""
    last: dict[int, tuple[datetime, str]] = {}
    homes: dict[str, str] = {}
    for tweet in tweets:
        placed = tweet.placed
        at, home = last.get(placed.customer, (placed.touch.at, str(placed.touch.id)))
        home = home if placed.touch.at - at <= PAUSE else str(placed.touch.id)
        homes[str(placed.touch.id)] = home
        last[placed.customer] = (placed.touch.at, home)
    return homes


def of_answer(tweets: Sequence[Tweet], homes: Mapping[str, str]) -> dict[str, float]:
    """`new_vs_continue_accuracy`: was each tweet rightly the first of the customer's in its conversation, or not?"""
    truth = {str(tweet.placed.touch.id): tweet.placed.journey for tweet in tweets if not tweet.ours}
    begun: dict[str, set[str]] = defaultdict(set)
    right = []
    for touch, journey in truth.items():
        right.append((journey in begun["true"]) == (homes[touch] in begun["found"]))
        begun["true"].add(journey)
        begun["found"].add(homes[touch])
    return {
        "new_vs_continue_accuracy": round(mean(right), 4),
        "bcubed_f1": round(bcubed_f1(list(truth), truth, homes), 4),
    }
