"""The measures themselves, on invented rows."""

import base64

from threadline.core.mail.measures import email_mime, email_replies, email_zones, gold_lines

RAW = b"From: Ana <ana@example.com>\nSubject: Kettle\n\nIt leaks."


def test_mails_are_compared_with_another_parsers_reading():
    headers = [
        {"name": "from", "value": {"Address": {"List": [{"name": "Ana", "address": "ana@example.com"}]}}},
        {"name": "subject", "value": {"Text": "Kettle"}},
    ]
    expected = {"parts": [{"headers": headers, "body": {"Text": "It  leaks."}}], "attachments": []}

    answer = email_mime([{"raw_base64": base64.b64encode(RAW).decode(), "expected": expected}])

    assert answer["exceptions"] == 0
    assert (answer["same_text"], answer["same_headers"], answer["same_files"]) == (1.0, 1.0, 1.0)


def test_replies_are_measured_beside_the_unchanged_text():
    rows = [{"email": "yes\n\nOn 3 May 2024, Bo <bo@example.com> wrote:\n> size?", "trimmed": "yes"}]

    answer = email_replies(rows)

    assert (answer["exact_match"], answer["line_f1"]) == (1.0, 1.0)
    assert answer["baseline_exact_match"] == 0.0


def test_lines_take_the_zone_that_most_of_their_signs_lie_in():
    text = "Hi Bo, ok\n\nThanks"

    zones = [{"start": 0, "end": 6, "type": "Body/Intro"}, {"start": 11, "end": 17, "type": "Body/Outro/Name"}]

    assert gold_lines(text, zones) == ["intro", "", "outro"]


def test_zones_are_measured_for_each_source():
    rows = [
        {"id": "a/1", "text": "Hi Bo,\n\nit leaks\n\nThanks", "zones": [{"start": 0, "end": 6, "type": "Body/Intro"}]},
        {"id": "b/1", "text": "it leaks", "zones": []},
    ]

    answer = email_zones(rows)

    assert answer["line_accuracy_2"] == 1.0
    assert answer["line_accuracy_5"] == 0.75
    assert answer["baseline_line_accuracy_5"] == 0.75
    assert set(answer["by_source"]) == {"a", "b"}
