"""What must never be about notices, their sends and what agents wish: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.journeys.models import Mute, Notice, NoticeSend, PushBrowser, PushKey

NOTICES = [
    ("one_notice_each", "two notices of one agent about one story", again(Notice)),
    ("notice_reason_known", "a notice for no reason", "update journeys_notice set reason = 'hm'"),
    ("notice_has_a_reason", "a notice of nothing", "update journeys_notice set count = 0"),
    ("journeys_notice_count_check", "less than nothing", "update journeys_notice set count = -1"),
    ("journeys_pushbrowser_endpoint_key", "one browser twice", again(PushBrowser)),
    ("one_push_key", "a second key pair", again(PushKey, id="2")),
    ("one_send_due_per_way", "one push due twice", again(NoticeSend)),
    ("send_way_known", "a send by pigeon", "update journeys_noticesend set way = 'pigeon'"),
    ("send_reason_known", "a send for no reason", "update journeys_noticesend set reason = 'hm'"),
    (
        "send_due_or_settled_with_words",
        "a send that is settled without words",
        "update journeys_noticesend set state = 'sent', next_at = null, settled_at = now(), result = ''",
    ),
    ("send_due_or_settled_with_words", "a send due at no time", "update journeys_noticesend set next_at = null"),
    ("journeys_noticesend_attempts_check", "fewer tries than none", "update journeys_noticesend set attempts = -1"),
    ("quiet_from_until", "quiet hours without an end", "update journeys_wishes set quiet_until = null"),
    ("digest_knows_its_next", "a mail a day without a next one", "update journeys_wishes set digest_at = 480"),
    ("digest_knows_its_next", "a mail at no time", "update journeys_wishes set digest_next = now()"),
    (
        "journeys_wishes_quiet_since_check",
        "quiet before the day began",
        "update journeys_wishes set quiet_since = -1",
    ),
    (
        "journeys_wishes_quiet_until_check",
        "quiet until before the day began",
        "update journeys_wishes set quiet_until = -1",
    ),
    (
        "journeys_wishes_digest_at_check",
        "a mail before the day began",
        "update journeys_wishes set digest_at = -1, digest_next = now()",
    ),
    ("muted_once", "one reason muted twice", again(Mute)),
    ("mute_of_a_story_or_a_reason", "a mute of nothing", again(Mute, reason="''")),
]
