"""Invitations and forgotten passwords, by mail and without."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import make
from tests.authenticator import with_app
from tests.mail_server import MailServer
from threadline.accounts.models import Agent, Event, Invitation
from threadline.accounts.signing_in import invitations, passwords
from threadline.channels import letters
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
GOOD = "seven kettles in a row"


@pytest.fixture
def di() -> Agent:
    return make.agent("Di Moreau", is_admin=True)


def invited(di: Agent, email: str = "fay@harbourpine.example") -> Invitation:
    return invitations.invite(email=email, name="Fay Adeyemi", by=di, now=timezone.now())


def follow(client: Client, link: str):
    """Opens a link of ours, and what it leads to."""
    return client.get(link.removeprefix("http://127.0.0.1:8400"), follow=True)


def test_without_mail_the_admin_gets_the_link_and_it_lets_in_once(client: Client, di: Agent):
    client.force_login(di)
    team = make.team("Kitchen")
    fields = {"email": " Fay@HarbourPine.example", "name": "Fay", "teams": [team.pk]}
    page = client.post("/settings/sign-in/invitations", fields).content.decode()
    link = re.search(r'value="(http[^"]+/invitations/[^"]+)"', page)
    assert link, "the page shows the link"
    fay = Client()

    form = follow(fay, link[1])
    came = fay.post("/invitation", {"name": "Fay Adeyemi", "password": GOOD})
    again = follow(Client(), link[1])

    assert "fay@harbourpine.example" in form.content.decode()
    assert came.headers["Location"] == "/queue"
    agent = Agent.objects.get(email="fay@harbourpine.example")
    assert (agent.name, list(agent.teams.all()), agent.is_admin) == ("Fay Adeyemi", [team], False)
    assert fay.session["_auth_user_id"] == str(agent.pk)
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    assert Event.objects.get(verb="invitation_accepted").agent == agent


def test_the_mail_carries_the_link_and_neither_the_job_nor_the_log_does(
    client: Client, di: Agent, mail_server: MailServer
):
    fay = mail_server.mailbox("fay@harbourpine.example")
    settings = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.smtp_port, "smtp_security": "none"}
    make.channel("email", settings=settings)
    invitation = invited(di)

    assert letters.post("invitation", invitation.pk)
    letters.send(kind="invitation", number=invitation.pk)

    (raw,) = mail_server.received(fay)
    text = message_from_bytes(raw).get_payload(decode=True).decode()
    assert invitations.link_of(invitation) in text
    assert "Di Moreau invites you" in text
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    kept = str(list(ProcrastinateJob.objects.values())) + str(list(Event.objects.values()))
    assert invitations.key_of(invitation).partition("-")[2] not in kept


def test_a_mail_that_can_not_go_out_is_said_beside_the_invitation(client: Client, di: Agent):
    settings = {"smtp_host": "no-such-host.invalid", "smtp_port": 25, "smtp_security": "none"}
    make.channel("email", settings=settings)
    invitation = invited(di)

    letters.send(kind="invitation", number=invitation.pk)

    client.force_login(di)
    assert "There is no mail server named" in client.get("/settings/sign-in").content.decode()


def test_links_that_ran_out_were_withdrawn_renewed_or_made_up_open_nothing(di: Agent):
    now = timezone.now()
    late, back, renewed = invited(di), invited(di, "gus@example.com"), invited(di, "hal@example.com")
    keys = [invitations.key_of(one) for one in (late, back, renewed)]
    invitations.withdraw(invitation=back, by=di, now=now)
    invitations.renew(invitation=renewed, by=di, now=now)
    moments = [now + invitations.HOLDS_FOR + timedelta(seconds=1), now, now]

    for key, moment in zip([*keys, "1-made-up", "x", "", "9" * 30], [*moments, now, now, now, now], strict=True):
        with pytest.raises(ThreadlineError):
            invitations.behind(key, now=moment)
    assert invitations.behind(invitations.key_of(renewed), now=now) == renewed


def test_nobody_is_invited_twice_or_who_is_here_already(di: Agent):
    invited(di)

    with pytest.raises(ThreadlineError, match="invited already"):
        invited(di)
    with pytest.raises(ThreadlineError, match="here already"):
        invited(di, "di@harbourpine.example")


def test_an_easy_password_is_refused_and_the_invitation_still_stands(client: Client, di: Agent):
    follow(client, invitations.link_of(invited(di)))

    easy = client.post("/invitation", {"name": "Fay", "password": "password"})

    assert easy.status_code == 422
    assert client.post("/invitation", {"name": "Fay", "password": GOOD}).status_code == 302


@pytest.mark.parametrize("who", ["Bo Lindqvist", "Cy Okafor"])
def test_only_admins_see_and_change_how_people_sign_in(client: Client, di: Agent, who: str):
    number = invited(di).pk
    assert client.get("/settings/sign-in").status_code == 302
    client.force_login(make.agent(who))

    seen = client.get("/settings/sign-in").status_code
    changes = ("invitations", f"invitations/{number}/again", f"invitations/{number}/withdraw", "second-factor")
    more = (f"agents/{di.pk}/password-link", f"agents/{di.pk}/take-off", "providers/new")
    tried = {client.post(f"/settings/sign-in/{path}").status_code for path in changes + more}

    assert (seen, tried) == (403, {403})


def test_a_forgotten_password_is_chosen_anew_by_link_once_and_ends_other_sessions(client: Client):
    bo, elsewhere = make.agent("Bo Lindqvist"), Client()
    elsewhere.post("/sign-in", {"username": bo.email, "password": make.PASSWORD})
    link = passwords.link_for(Agent.objects.get(pk=bo.pk))

    follow(client, link)
    done = client.post("/sign-in/new-password", {"password": GOOD})

    assert done.headers["Location"] == "/queue"
    assert elsewhere.get("/queue").status_code == 302
    assert follow(Client(), link).status_code == 410
    assert Client().post("/sign-in", {"username": bo.email, "password": GOOD}).status_code == 302


def test_the_answer_to_a_forgotten_password_tells_nobody_who_is_here(client: Client):
    make.channel("email", settings={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none"})
    make.agent("Bo Lindqvist")

    known, unknown = (
        client.post("/sign-in/forgotten", {"email": f"{who}@harbourpine.example"}) for who in ("bo", "eve")
    )

    assert known.content.replace(b"bo@", b"eve@") == unknown.content
    assert Event.objects.filter(verb="password_link_asked_for").count() == 1


def test_with_a_second_factor_a_link_is_not_enough(client: Client):
    bo = make.agent("Bo Lindqvist")
    with_app(Client())

    follow(client, passwords.link_for(Agent.objects.get(pk=bo.pk)))
    done = client.post("/sign-in/new-password", {"password": GOOD})

    assert done.headers["Location"] == "/sign-in/second-step"


def test_an_admin_hands_out_a_password_link_and_it_is_recorded(client: Client, di: Agent):
    bo = make.agent("Bo Lindqvist")
    client.force_login(di)

    page = client.post(f"/settings/sign-in/agents/{bo.pk}/password-link").content.decode()

    assert f"/sign-in/new-password/{bo.pk}/" in page
    assert Event.objects.get(verb="password_link_handed_out").facts == {"of": bo.pk}
