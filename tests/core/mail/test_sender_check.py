"""Whether a mail is from whom it names: only what a trusted server says counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.mail.authentication import METHODS, check_sender

OURS = "mx.harbourpine.example"
ANA = "ana@example.com"


def verdict(*fields: str, sender: str = ANA, trusted: tuple[str, ...] = (OURS,)) -> tuple[str, str]:
    found = check_sender(fields, sender=sender, trusted=trusted)
    return found.verdict, found.because


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("dmarc=pass (p=reject dis=none) header.from=example.com", ("pass", "dmarc")),
        ("dmarc=fail (p=none) header.from=example.com; dkim=pass header.d=list.example.org", ("fail", "dmarc")),
        ("dkim=pass (2048-bit key) header.d=example.com header.i=@example.com", ("pass", "dkim")),
        ("dkim=pass header.i=@mail.example.com; spf=softfail", ("pass", "dkim")),
        ("spf=pass smtp.mailfrom=bounce@mail.example.com; dkim=none", ("pass", "spf")),
        ("spf=fail smtp.mailfrom=ana@example.com; dkim=none", ("fail", "spf")),
        ("spf=fail smtp.mailfrom=ana@example.com; dkim=pass header.d=list.example.org", ("", "")),
        ("spf=pass smtp.mailfrom=evil@evil.example; dkim=pass header.d=evil.example", ("", "")),
        ("dmarc=pass header.from=evil.example", ("", "")),
        ("spf=pass smtp.mailfrom=a@ample.com", ("", "")),
        ("dmarc=temperror header.from=example.com", ("", "")),
        ("none", ("", "")),
    ],
)
def test_dmarc_decides_then_a_signature_or_envelope_of_the_senders_own_domain(field, expected):
    assert verdict(f"{OURS}; {field}") == expected
    assert verdict(f"{OURS} 1; (a (nested) comment; dmarc=pass) {field}") == expected


def test_nothing_is_believed_of_a_server_that_nobody_named():
    forged = "mx.evil.example; dmarc=pass header.from=example.com"

    assert verdict(forged) == ("", "")
    assert verdict(f"{OURS}; dmarc=pass header.from=example.com", trusted=()) == ("", "")


def test_a_forged_field_below_ours_can_not_make_a_mail_genuine():
    forged = f"{OURS}; dmarc=pass header.from=example.com"

    assert verdict(f"{OURS}; spf=fail smtp.mailfrom={ANA}", forged) == ("fail", "spf")
    assert verdict(f"{OURS}; dmarc=fail header.from=example.com", forged) == ("fail", "dmarc")


def test_microsoft_365_leaves_its_name_out_and_counts_only_on_top():
    nameless = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com;dkim=none;dmarc=fail header.from=example.com"
    )

    assert verdict(nameless, trusted=("microsoft",)) == ("fail", "dmarc")
    assert verdict(nameless) == ("", "")
    assert verdict("mx.evil.example; spf=none", nameless, trusted=("microsoft",)) == ("", "")


@given(st.lists(st.text(st.sampled_from('();=. \\"abdkimspf/1' + OURS), max_size=300), max_size=5))
def test_whatever_stands_in_the_field_it_is_read(fields):
    found = check_sender([f"{OURS}; {field}" for field in fields], sender=ANA, trusted=(OURS,))

    assert found.verdict in ("pass", "fail", "")
    assert {each.method for each in found.results} <= set(METHODS)
