"""Spark gives the answer of one machine, touch by touch. Run by `make test-spark`."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from threadline.config.rebuild import history, on_spark
from threadline.core.history import Known, Models, conclude
from threadline.core.touch import Direction, Handle, Level, Touch
from threadline.core.understanding.encoder import encoder_named

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOUCHES, PEOPLE = 5_000, 900
TEXTS = (
    "My kettle leaks. Order HP-{order}.",
    "Any news about order HP-{order}?",
    "Thank you, that worked.",
    "When do you open on Sunday?",
    "The lamp of order HP-{order} came broken, {name} here.",
)


def invented() -> list[Touch]:
    """People with a mailbox, a number and an account each; some write from a second one and name their order."""
    dice = random.Random(11)
    made = []
    for number in range(1, TOUCHES + 1):
        person = dice.randrange(PEOPLE)
        kind, handle = dice.choice(
            [
                ("email", Handle("email", f"person{person}@example.com")),
                ("email", Handle("email", f"other{person}@example.org")),
                ("sms", Handle("tel", f"+4477009{person:05d}")),
                ("chat", Handle("visitor", f"v{person}", Level.CLAIMED)),
                ("x", Handle("x", f"person_{person}")),
            ]
        )
        name = f"Person Name{person}"
        text = dice.choice(TEXTS).format(order=7000 + person, name=name)
        at = START + timedelta(minutes=13 * number)
        direction = Direction.OUT if dice.random() < 0.2 else Direction.IN
        made.append(
            Touch(
                number, at, kind, direction, channel=1, thread=person, brand=1, handles=(handle,), name=name, text=text
            )
        )
    return made


def test_spark_gives_the_answer_of_one_machine(tmp_path: Path):
    touches = invented()
    known = Known(products=frozenset({"kettle", "lamp"}), apart=frozenset({(1, 2)}), merges=((100, 9, 4),))
    history.write_touches(tmp_path, [touches[:3_000], touches[3_000:]])
    history.write_known(tmp_path, known)

    on_spark.rebuild(tmp_path, tmp_path / "answer", encoder="minilm", master="local[2]")

    assert history.read_answer(tmp_path / "answer") == conclude(touches, known, Models(encoder_named("minilm")))
