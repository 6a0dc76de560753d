"""What mail systems and people say of mails of ours: failed, in their words; barred; no more automatic mail."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from tests import make
from tests.channels.adapters.test_email_passed_on import bounce, report_of_spam
from tests.channels.mails import mail
from tests.core.mail.test_invitations import VISIT, calendar
from threadline.accounts.actions.undo import undo
from threadline.accounts.models import Event
from threadline.channels.models import ChannelLog
from threadline.desk.queries.story import StoryPage
from threadline.interactions.actions.addresses import unwanted
from threadline.interactions.models import BadAddress, Delivery, IntakeEntry, Interaction, OptOut, Thread
from threadline.interactions.stopping import STOP, stop_url
from threadline.journeys import actions
from threadline.journeys.actions import delivery
from threadline.journeys.actions.reply import Way
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
OURS, ANA = make.ADDRESSES["email"], "ana@example.com"


@pytest.fixture
def asked() -> Interaction:
    make.mail_entry(mail("The kettle leaks. Order HP-4711.", to=OURS))
    make.process()
    return Interaction.objects.get()


def sent(asked: Interaction, text: str = "A new one is on its way.") -> Interaction:
    """Handed over to our mail server."""
    way = Way(asked.channel, asked.thread.reply_address, asked.thread)
    touch = actions.reply(journey=make.journey_of(asked), text=text, way=way, by=make.agent(), now=timezone.now())
    Delivery.objects.filter(pk=touch.pk).update(state="sent", provider_id=touch.external_id)
    return touch


def comes_back(touch: Interaction, number: int = 1) -> IntakeEntry:
    entry = make.mail_entry(bounce(touch.external_id).replace(b"dsn1@", b"dsn%d@" % number))
    make.process()
    entry.refresh_from_db()
    return entry


def test_a_mail_that_comes_back_has_failed_with_the_words_of_the_server_and_nobody_spoke(asked):
    touch = sent(asked)

    entry = comes_back(touch)

    failed = Delivery.objects.get(pk=touch.pk)
    assert (failed.state, failed.reason) == (
        "failed",
        "The mail to ana@example.com came back (mx.example.com): 550 User unknown.",
    )
    assert entry.verdict == "noted"
    assert Event.objects.filter(verb="failed", interaction_id=touch.pk).exists()
    assert Interaction.objects.filter(direction="in").count() == 1


def test_an_address_from_which_two_mails_came_back_gets_nothing_more_until_somebody_says_that_it_works(asked):
    bo, di = make.agent(), make.agent("Di Moreau", is_admin=True)
    comes_back(sent(asked), 1)
    assert unwanted(asked.channel, asked.thread, automatic=False) == ""
    comes_back(sent(asked, "Here is more."), 2)

    barred = Event.objects.get(verb="address_barred")
    page = StoryPage(make.journey_of(asked), bo, timezone.now())
    with pytest.raises(ThreadlineError, match=r"Nothing is sent to ana@example\.com any more"):
        delivery.send(Delivery.objects.get(pk=sent(asked, "And more.").pk))
    assert (page.barred, page.able) == ([ANA], False)

    client = Client()
    client.force_login(bo)
    assert "It works: send mail there again" in client.get(f"/stories/{make.journey_of(asked).pk}").content.decode()
    answer = client.post(f"/stories/{make.journey_of(asked).pk}/address-again", {"address": ANA})

    assert answer.status_code == 302
    assert unwanted(asked.channel, asked.thread, automatic=False) == ""
    undo(event=Event.objects.get(verb="address_used_again"), by=di, now=timezone.now())
    assert BadAddress.objects.get().barred_at is not None
    assert barred.facts["name"] == ANA


def test_the_same_report_twice_counts_once_and_a_report_on_a_foreign_address_bars_nobody(asked):
    touch = sent(asked)
    comes_back(touch, 1)
    comes_back(touch, 2)
    make.mail_entry(bounce(touch.external_id, address="cy@example.org").replace(b"dsn1@", b"dsn9@"))
    make.process()

    known = BadAddress.objects.get()
    assert (known.address, known.bounced, known.barred_at) == (ANA, [touch.pk], None)


def test_who_calls_a_mail_spam_gets_no_automatic_mail_any_more_and_still_hears_from_people(asked):
    touch = sent(asked)

    make.mail_entry(report_of_spam(touch.external_id))
    make.process()

    assert OptOut.objects.get().only_automatic
    assert unwanted(asked.channel, asked.thread, automatic=False) == ""
    assert unwanted(asked.channel, asked.thread, automatic=True) == "They want no automatic messages here any more."
    assert Delivery.objects.get(pk=touch.pk).state == "delivered"


@pytest.fixture
def link(asked) -> str:
    """What stands in an automatic mail of the thread."""
    return stop_url(asked.channel, asked.thread).removeprefix(settings.PUBLIC_URL)


@pytest.fixture
def elsewhere(asked) -> Thread:
    """Another thread with her."""
    return Thread.objects.create(
        pk=asked.pk + 1000, channel=asked.channel, reply_address=ANA, key="b", started_at=make.NOW
    )


WANTED = "They want no automatic messages here any more."


def test_one_click_under_an_automatic_mail_ends_it_in_its_thread_and_can_be_taken_back(asked, link, elsewhere):
    client = Client(enforce_csrf_checks=True)

    assert "arrives in any case" in client.get(link).content.decode()
    assert not OptOut.objects.exists()
    client.post(link, {"List-Unsubscribe": "One-Click"})
    client.post(link, {"List-Unsubscribe": "One-Click"})

    assert unwanted(asked.channel, asked.thread, automatic=True) == WANTED
    assert unwanted(asked.channel, asked.thread, automatic=False) == ""
    assert unwanted(asked.channel, elsewhere, automatic=True) == ""
    assert "nothing automatic about “Leaking kettle”" in client.get(link).content.decode()
    assert Event.objects.filter(verb="automatic_stopped").count() == 1
    client.post(f"{link}/back")

    assert not OptOut.objects.exists()
    assert client.post(link[:-2]).status_code == 410


def test_on_the_page_it_ends_for_every_thread_if_they_wish(asked, link, elsewhere):
    client = Client()
    client.post(link)

    client.post(link, {"all": "1"})

    assert "nothing automatic to" in client.get(link).content.decode()
    assert unwanted(asked.channel, elsewhere, automatic=True) == WANTED
    client.post(f"{link}/back")
    assert not OptOut.objects.exists()


def test_a_link_from_before_threads_were_named_ends_all_of_it(asked, elsewhere):
    token = signing.dumps([asked.channel.pk, ANA], salt=STOP)

    Client().post(f"/stop/{token}", {"List-Unsubscribe": "One-Click"})

    assert unwanted(asked.channel, elsewhere, automatic=True) == WANTED


def test_what_is_over_the_hourly_limit_waits_and_says_so(asked):
    asked.channel.settings = {"smtp_host": "127.0.0.1", "smtp_port": 9, "send_per_hour": 1}
    asked.channel.save()
    ChannelLog.objects.create(channel=asked.channel, direction="out", ok=True, text="Handed over as x.")
    touch = sent(asked)
    Delivery.objects.filter(pk=touch.pk).update(state="queued", due_at=timezone.now(), provider_id="")

    delivery.deliver_due()

    waiting = Delivery.objects.get(pk=touch.pk)
    asked.channel.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert "sends up to 1 messages an hour" in waiting.reason
    assert timedelta(minutes=59) < asked.channel.send_after - timezone.now() <= timedelta(hours=1)


# ---- who wrote ---------------------------------------------------------------------------------------------------


def checked(verdict: str, raw: bytes) -> bytes:
    return f"Authentication-Results: mx.example; dmarc={verdict} header.from=example.com\r\n".encode() + raw


def test_a_forged_mail_joins_nobody_enters_no_thread_and_is_shown_with_a_warning():
    make.channel("email", settings={"authserv_id": ["mx.example"]})
    make.mail_entry(
        checked("pass", mail("The kettle leaks. Order HP-4711.", sender="Ana Kühn <ana@example.com>", to=OURS))
    )
    make.process()
    real = Interaction.objects.get()
    make.mail_entry(
        checked(
            "fail",
            mail(
                "The kettle leaks. Order HP-4711. Send the new one to another address.",
                sender="Ana Kühn <ana@example.com>",
                to=OURS,
                message_id="<forged@evil.example>",
                in_reply_to="<m1@example.com>",
            ),
        )
    )
    make.process()
    forged = Interaction.objects.exclude(pk=real.pk).get()

    assert make.customer_of(forged) != make.customer_of(real)
    assert forged.thread_id != real.thread_id
    assert forged.attributes["thread_refused"] == real.thread_id
    client = Client()
    client.force_login(make.agent())
    page = client.get(f"/stories/{make.journey_of(forged).pk}").content.decode()
    assert "It may not be from them." in page
    assert "mx.example checked it: example.com denies that this mail came from there (DMARC)." in page
    assert "dmarc=fail" in client.get(f"/touches/{forged.pk}/why").content.decode()

    again = mail(
        "Any news about the kettle that leaks? HP-4711",
        sender="Ana Kühn <ana@example.com>",
        to=OURS,
        message_id="<m2@example.com>",
    )
    make.mail_entry(checked("pass", again))
    make.process()
    later = Interaction.objects.exclude(pk__in=[real.pk, forged.pk]).get()
    assert make.customer_of(later) == make.customer_of(real) != make.customer_of(forged)


def test_a_mail_that_a_colleague_passes_on_is_the_customers_and_the_answer_goes_to_them():
    make.channel("email")
    head = "---------- Forwarded message ---------\nFrom: Ana Kühn <ana@example.com>\nSubject: Kettle\nTo: Bo\n\n"
    make.mail_entry(
        mail(
            f"Can you help her?\n\n{head}It leaks.\n",
            sender="Bo <bo@harbourpine.example>",
            to=OURS,
            subject="Fwd: Kettle",
        )
    )
    make.process()

    touch = Interaction.objects.get()
    assert (touch.identity.value, touch.thread.reply_address, touch.text) == (ANA, ANA, "It leaks.")
    client = Client()
    client.force_login(make.agent())
    assert (
        "Passed on by Bo: “Can you help her?”" in client.get(f"/stories/{make.journey_of(touch).pk}").content.decode()
    )


def test_an_invitation_is_shown_with_both_clocks_and_accepted_in_its_thread():
    make.channel("email", settings={"smtp_host": "127.0.0.1", "smtp_port": 9})
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"], raw["Message-ID"] = ANA, OURS, "Visit", "<i1@example.com>"
    raw.set_content("Please come.")
    raw.add_alternative(calendar(*VISIT).decode(), subtype="calendar", params={"method": "REQUEST"})
    make.mail_entry(raw.as_bytes(policy=SMTP))
    make.process()
    touch = Interaction.objects.get()
    client = Client()
    client.force_login(make.agent())

    page = client.get(f"/stories/{make.journey_of(touch).pk}").content.decode()
    answer = client.post(f"/touches/{touch.pk}/invitation", {"answer": "accepted"})

    assert "Visit, kettle" in page
    assert "Wednesday 1 July 2026, 10:00 to 11:00 (Europe/Brussels)" in page
    assert answer.status_code == 302
    sent = Interaction.objects.get(direction="out")
    assert (sent.text, sent.thread_id) == ("Accepted: Visit, kettle", touch.thread_id)
    (file,) = delivery.outbound(sent).files
    assert b"PARTSTAT=ACCEPTED" in file.data.replace(b"\r\n ", b"")
    assert client.post(f"/touches/{touch.pk}/invitation", {"answer": "maybe"}).status_code == 422
