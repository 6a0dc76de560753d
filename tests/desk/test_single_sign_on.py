"""Single sign-on, against a provider that really signs."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from tests import make, oidc_provider
from tests.authenticator import with_app
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, new_key
from threadline.accounts.models import Agent, Event, Invitation, Provider
from threadline.accounts.signing_in import invitations, providers
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[OidcProvider]:
    with oidc_provider.oidc_provider() as running:
        yield running


@pytest.fixture
def company(server: OidcProvider) -> OidcProvider:
    """The provider, known to the desk as "Company"."""
    known = Provider(slug="company", name="Company", issuer=server.url, client_id=CLIENT)
    providers.save(provider=known, secret=SECRET, by=make.agent("Di Moreau", is_admin=True), now=timezone.now())
    server.is_now("u-1", email="bo@harbourpine.example", email_verified=True, name="Bo Lindqvist")
    return server


def go(client: Client, **more: str):
    """Off to the provider and back, as a browser does it."""
    away = client.get("/sign-in/with/company", more)
    assert away.status_code == 302, away.content
    back = httpx.get(away.headers["Location"]).headers["Location"]
    return client.get(back.removeprefix("http://127.0.0.1:8400"))


def test_an_agent_with_a_checked_address_comes_in_and_where_they_were_going(client: Client, company: OidcProvider):
    bo = make.agent("Bo Lindqvist")

    answer = go(client, next="/search?q=kettle")

    assert answer.headers["Location"] == "/search?q=kettle"
    assert client.session["_auth_user_id"] == str(bo.pk)
    assert Event.objects.get(verb="signed_in").facts["how"] == ["company"]


def test_the_second_time_the_number_counts_not_the_address(client: Client, company: OidcProvider):
    bo = make.agent("Bo Lindqvist")
    go(client)
    client.logout()
    company.is_now("u-1", email="somebody.else@example.com", email_verified=False)

    go(client)

    assert client.session["_auth_user_id"] == str(bo.pk)


def test_an_address_that_was_not_checked_lets_nobody_in_unless_the_provider_is_trusted(
    client: Client, company: OidcProvider
):
    make.agent("Bo Lindqvist")
    company.is_now("u-2", email="bo@harbourpine.example", email_verified=False)

    refused = go(client)
    Provider.objects.update(trusts_addresses=True)
    trusted = go(client)

    assert refused.status_code == 403
    assert "was checked" in refused.content.decode()
    assert trusted.headers["Location"] == "/queue"


def test_a_stranger_is_refused_an_invited_person_comes_in_without_a_password(client: Client, company: OidcProvider):
    company.is_now("u-3", email="Fay@harbourpine.example", email_verified=True, name="Fay Adeyemi")
    stranger = go(client)
    invitations.invite(email="fay@harbourpine.example", by=Agent.objects.get(), now=timezone.now())

    go(client)

    assert stranger.status_code == 403
    assert "ask an admin to invite you" in stranger.content.decode().lower()
    fay = Agent.objects.get(email="fay@harbourpine.example")
    assert (fay.name, fay.has_usable_password(), fay.is_admin) == ("Fay Adeyemi", False, False)
    assert Invitation.objects.get().accepted_at is not None


def test_people_of_a_named_domain_come_in_uninvited_others_do_not(client: Client, company: OidcProvider):
    Provider.objects.update(domains=["harbourpine.example"])
    company.is_now("u-4", email="gus@harbourpine.example", email_verified=True)
    go(client)
    client.logout()
    company.is_now("u-5", email="eve@notharbourpine.example", email_verified=True)

    outsider = go(client)

    assert Agent.objects.filter(email="gus@harbourpine.example").exists()
    assert outsider.status_code == 403


@pytest.mark.parametrize(
    "lies", [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": "u-9"}]
)
def test_a_token_that_is_for_others_by_others_old_or_about_somebody_else_lets_nobody_in(
    client: Client, company: OidcProvider, lies: dict[str, object], caplog: pytest.LogCaptureFixture
):
    make.agent("Bo Lindqvist")
    company.lies = lies

    with caplog.at_level(logging.CRITICAL):
        answer = go(client)

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(verb="sign_in_failed").count() == 1


def test_a_token_signed_with_another_key_lets_nobody_in(client: Client, company: OidcProvider):
    make.agent("Bo Lindqvist")
    company.signs_with = new_key()

    assert go(client).status_code == 401


def test_an_answer_that_nobody_asked_for_lets_nobody_in(client: Client, company: OidcProvider):
    make.agent("Bo Lindqvist")
    away = client.get("/sign-in/with/company")
    back = httpx.get(away.headers["Location"]).headers["Location"].removeprefix("http://127.0.0.1:8400")

    elsewhere = Client().get(back)

    assert elsewhere.status_code == 401


def test_an_agent_who_left_does_not_come_in_this_way_either(client: Client, company: OidcProvider):
    bo = make.agent("Bo Lindqvist")
    bo.is_active = False
    bo.save()

    go(client)

    assert "_auth_user_id" not in client.session


def test_who_has_a_second_factor_here_is_asked_for_it_after_the_provider_too(client: Client, company: OidcProvider):
    make.agent("Bo Lindqvist")
    with_app(Client())

    assert go(client).headers["Location"] == "/sign-in/second-step"
    assert "_auth_user_id" not in client.session


def test_a_provider_that_does_not_answer_is_said_in_words(client: Client, company: OidcProvider):
    Provider.objects.update(issuer="http://127.0.0.1:9")

    answer = client.get("/sign-in/with/company")

    assert answer.status_code == 502
    assert "can not be reached" in answer.content.decode()


def test_an_admin_sets_a_provider_up_and_asks_whether_it_answers(client: Client, server: OidcProvider):
    client.force_login(make.agent("Di Moreau", is_admin=True))
    fields = {"name": "Our Keycloak", "issuer": server.url, "client_id": CLIENT, "secret": SECRET, "active": "on"}

    client.post("/settings/sign-in/providers/new", fields)
    asked = client.post("/settings/sign-in/providers/our-keycloak/ask")
    client.post("/settings/sign-in/providers/our-keycloak", {**fields, "secret": "", "domains": "@Example.org"})

    page = asked.content.decode()
    assert f"It answers, as {server.url}." in page
    assert "http://127.0.0.1:8400/sign-in/with/our-keycloak/back" in page
    assert SECRET not in page
    kept = Provider.objects.get()
    assert (kept.secrets["client_secret"], kept.domains) == (SECRET, ["example.org"])
    assert "With Our Keycloak" in Client().get("/sign-in").content.decode()


def test_a_provider_at_an_address_that_anybody_can_listen_to_is_refused():
    known = Provider(slug="company", name="Company", issuer="http://login.example.org", client_id=CLIENT)

    with pytest.raises(ThreadlineError, match="https"):
        providers.save(provider=known, secret=SECRET, by=make.agent("Di Moreau", is_admin=True), now=timezone.now())
