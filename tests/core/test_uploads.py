"""What a file is, whatever it is called."""

import io
import zipfile

import pytest

from threadline.core.uploads import content_type

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * 10_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("box.png", PNG, "image/png"),
        ("box.JPG", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("slip.pdf", b"%PDF-1.7 rest", "application/pdf"),
        ("prices.csv", "Größe;Preis\n1;2\n".encode(), "text/csv"),
        ("letter.docx", packed("[Content_Types].xml"), "application/vnd.openxmlformats-officedocument."),
        ("ten-thousand.zip", packed(*map(str, range(200))), "application/zip"),
    ],
)
def test_what_people_send_each_other_goes(name: str, data: bytes, kind: str):
    assert content_type(name, data).startswith(kind)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("logo.svg", SVG, "may carry programs"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "may carry programs"),
        ("page.txt", b"hello <ScRipt>alert(1)</script>", "may carry programs"),
        ("invoice.pdf", PNG, "holds a PNG file"),
        ("photo.png", b"%PDF-1.7", "holds a PDF file"),
        ("photo.png.exe", PNG, "holds a PNG file"),
        ("setup.exe", b"MZ\x90\0", "of no kind that we send"),
        ("setup.txt", b"MZ\x90\0", "named like a text and is none"),
        ("run.txt", b"#!/bin/sh\nrm -r /", "named like a text and is none"),
        ("letter.docx", packed("evil.bin"), "is no document but an archive"),
        ("empty.pdf", b"", "is empty"),
    ],
)
def test_what_runs_or_pretends_is_refused_in_words(name: str, data: bytes, words: str):
    with pytest.raises(ValueError, match=words):
        content_type(name, data)
