"""The window's program is one small file."""

import gzip

from threadline.portal.chat.requests import WIDGET

MOST = 30_000


def test_the_window_is_one_file_under_30_kb():
    program = WIDGET.read_bytes()

    assert len(gzip.compress(program, 9)) < MOST
    assert b"import(" not in program
    assert b"innerHTML" not in program, "nothing of a chat is ever read as HTML"
