"""One public channel in which many talk at once, all invented."""

import numpy as np
import pytest

from threadline.core.measures.conversations import conversations
from threadline.core.stitching.channel import after_a_pause, connected, learn, lines_of, rarity
from threadline.core.stitching.channel.features import PAIR, rows_of

LOG = [
    "=== ana has joined #help",
    "[23:58] <ana> hi, how do I print two pages on one sheet?",
    "[23:58] <cem> does anyone know a good kettle?",
    "[23:59] <bo> ana: in the dialogue, choose layout",
    "[23:59] <dina> cem: the Tern one",
    "[23:59] <ana> bo: thanks, that works",
    "[00:01] * cem looks it up",
]
PARENTS = {1: [1], 2: [2], 3: [1], 4: [2], 5: [3], 6: [4]}


def test_a_line_knows_when_who_to_whom_and_in_which_words():
    lines = lines_of(LOG)

    assert [line.nick for line in lines] == ["", "ana", "cem", "bo", "dina", "ana", "cem"]
    assert (lines[0].system, lines[3].to, lines[3].named) == (True, "ana", {"ana"})
    assert "layout" in lines[3].words
    assert "ana" not in lines[3].words
    assert lines[6].minute - lines[5].minute == pytest.approx(2)


def test_lines_of_other_programs_are_read_too():
    (line,) = lines_of(["rust 2018-05-31 [04:30:58] <lp> thoughts on this? "])

    assert (line.nick, line.minute) == ("lp", pytest.approx(4 * 60 + 30 + 58 / 60))


def test_the_server_answers_nobody_and_nobody_answers_it():
    lines = lines_of(LOG)

    found = {number: parents for number, parents, _ in rows_of(lines, {0, 3}, rarity(lines))}

    assert found == {0: [0], 3: [3, 2, 1]}


def test_every_row_has_the_same_numbers():
    lines = lines_of(LOG)

    rows = [row for _, _, found in rows_of(lines, set(range(7)), rarity(lines)) for row in found]

    assert {len(row) for row in rows} == {len(rows[0])}
    assert np.isnan(rows[0][-PAIR + 1 :]).all()


def test_who_answers_whom_is_learned_and_gives_the_conversations():
    logs = [(lines_of(LOG), PARENTS)] * 30
    lines = logs[0][0]

    linker = learn(logs, rarity(lines))

    found = connected(linker.parents(lines, set(PARENTS)))
    assert found == {1: 1, 2: 2, 3: 1, 4: 2, 5: 1, 6: 2}


def test_the_simple_rule_begins_a_conversation_after_a_pause():
    lines = lines_of(["[09:00] <ana> hi", "[09:05] <bo> hi", "=== cem has left", "[09:50] <ana> anybody here?"])

    assert after_a_pause(lines, range(4)) == {0: 0, 1: 0, 2: 2, 3: 3}


def test_conversations_found_exactly_score_one_and_lumping_scores_less():
    items, true = list("abcdef"), dict(zip("abcdef", [1, 1, 2, 2, 3, 3], strict=True))

    assert conversations(items, true, true) == {"one_to_one": 1.0, "vi": 1.0, "exact_f1": 1.0}
    lumped = conversations(items, true, dict.fromkeys(items, 1))
    assert lumped["one_to_one"] == pytest.approx(1 / 3)
    assert lumped["vi"] == pytest.approx(1 - np.log2(3) / np.log2(6))
    assert lumped["exact_f1"] == 0
