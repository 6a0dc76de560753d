"""Signing in by SAML, against a service that really signs, and against those who would like to be it."""

import base64
import copy
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names

from tests import make, saml_provider
from tests.authenticator import with_app
from tests.saml_provider import SAML, SamlProvider, moment
from threadline.accounts.models import Agent, Event, Provider
from threadline.accounts.signing_in import invitations, providers, saml
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
Bend = Callable[[etree._Element], None]


@pytest.fixture(scope="module")
def server() -> Iterator[SamlProvider]:
    with saml_provider.saml_provider() as running:
        yield running


@pytest.fixture
def company(server: SamlProvider) -> SamlProvider:
    """The service, known to the desk as "Company"."""
    cache.clear()
    known = Provider(slug="company", name="Company", kind="saml", trusts_addresses=True, metadata=server.metadata())
    known.issuer = saml.issuer_in(known.metadata)
    providers.save(provider=known, secret="", by=make.agent("Di Moreau", is_admin=True), now=timezone.now())
    server.is_now("n-1", "bo@harbourpine.example", "Bo Lindqvist")
    return server


def answered(client: Client, **more: str) -> str:
    """Off to the service; what it answers."""
    away = client.get("/sign-in/with/company", more)
    assert away.status_code == 302, away.content
    return httpx.get(away.headers["Location"]).text


def come(client: Client, answer: str):
    """Back from it, as a browser does: the POST of a foreign page brings no cookie, what follows does."""
    posted = Client().post("/sign-in/with/company/answer", {"SAMLResponse": answer})
    assert posted.status_code == 303, posted.content
    return client.get(posted.headers["Location"])


def test_an_agent_comes_in_and_where_they_were_going_and_is_known_by_number_from_then_on(
    client: Client, company: SamlProvider
):
    bo = make.agent("Bo Lindqvist")

    first = come(client, answered(client, next="/search?q=kettle"))

    assert first.headers["Location"] == "/search?q=kettle"
    assert client.session["_auth_user_id"] == str(bo.pk)
    assert Event.objects.get(verb="signed_in").facts["how"] == ["company"]
    company.is_now("n-1", "another.name@example.com")
    again = Client()
    come(again, answered(again))
    assert again.session["_auth_user_id"] == str(bo.pk)


def test_a_stranger_is_refused_and_somebody_invited_comes_in(client: Client, company: SamlProvider):
    company.is_now("n-2", "fay@harbourpine.example", "Fay Adeyemi")
    stranger = come(client, answered(client))
    invitations.invite(email="fay@harbourpine.example", by=Agent.objects.get(), now=timezone.now())

    come(client, answered(client))

    assert stranger.status_code == 403
    assert Agent.objects.get(email="fay@harbourpine.example").name == "Fay Adeyemi"


def test_without_the_word_of_an_admin_its_addresses_let_nobody_in_for_the_first_time(
    client: Client, company: SamlProvider
):
    make.agent("Bo Lindqvist")
    Provider.objects.update(trusts_addresses=False)

    assert come(client, answered(client)).status_code == 403


def test_a_second_factor_is_asked_for_and_who_left_stays_out(client: Client, company: SamlProvider):
    bo = make.agent("Bo Lindqvist")
    with_app(Client())

    assert come(client, answered(client)).headers["Location"] == "/sign-in/second-step"
    Agent.objects.filter(pk=bo.pk).update(is_active=False)
    come(client, answered(client))
    assert "_auth_user_id" not in client.session


# ---- those who would like to be it -----------------------------------------------------------------------------------


def evil(assertion: etree._Element) -> etree._Element:
    """The same assertion about Di, without a signature."""
    forged = copy.deepcopy(assertion)
    for signature in forged.findall(f"{{{Names.NS_DS}}}Signature"):
        forged.remove(signature)
    forged.set("ID", "_evil")
    forged.find(f".//{{{SAML}}}NameID").text = "n-di"
    for value in forged.iter(f"{{{SAML}}}AttributeValue"):
        value.text = "di@harbourpine.example"
    return forged


def before(response: etree._Element) -> None:
    """A forged assertion before the signed one."""
    real = response.find(f"{{{SAML}}}Assertion")
    real.addprevious(evil(real))


def behind(response: etree._Element) -> None:
    real = response.find(f"{{{SAML}}}Assertion")
    real.addnext(evil(real))


def around(response: etree._Element) -> None:
    """The forged one takes the place of the signed one, and carries it inside."""
    real = response.find(f"{{{SAML}}}Assertion")
    forged = evil(real)
    response.replace(real, forged)
    forged.append(real)


def inside_its_signature(response: etree._Element) -> None:
    """The signature moves to the forged one and keeps what it signed in an Object."""
    real = response.find(f"{{{SAML}}}Assertion")
    forged = evil(real)
    signature = real.find(f"{{{Names.NS_DS}}}Signature")
    response.replace(real, forged)
    forged.insert(1, signature)
    etree.SubElement(signature, f"{{{Names.NS_DS}}}Object").append(real)


def under_the_same_name(response: etree._Element) -> None:
    real = response.find(f"{{{SAML}}}Assertion")
    forged = evil(real)
    forged.set("ID", str(real.get("ID")))
    real.addprevious(forged)


def in_an_extension(response: etree._Element) -> None:
    real = response.find(f"{{{SAML}}}Assertion")
    forged = evil(real)
    response.replace(real, forged)
    etree.SubElement(response, f"{{{Names.NS_SAMLP}}}Extensions").append(real)


def with_another_person(response: etree._Element) -> None:
    response.find(f".//{{{SAML}}}NameID").text = "n-di"


def with_a_remark(response: etree._Element) -> None:
    """A comment splits the name: what is signed reads differently from what is read."""
    name = response.find(f".//{{{SAML}}}NameID")
    name.text = "n-d"
    name.append(etree.Comment("x"))
    name[0].tail = "i"


@pytest.mark.parametrize(
    "bend",
    [before, behind, around, inside_its_signature, under_the_same_name, in_an_extension, with_another_person,
     with_a_remark],
)  # fmt: skip
def test_what_is_wrapped_around_a_good_signature_lets_nobody_in(client: Client, company: SamlProvider, bend: Bend):
    make.agent("Bo Lindqvist")
    company.bend = bend

    answer = come(client, answered(client))

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(verb="sign_in_failed").count() == 1


@pytest.mark.parametrize(
    "lies",
    [
        {"audience": "https://other.example/metadata"},
        {"issuer": "https://evil.example"},
        {"until": moment(-30)},
        {"recipient": "https://other.example/answer"},
        {"to": "_another_question"},
        {"to": ""},
        {"assertion": ""},
    ],
    ids=["audience", "issuer", "expired", "recipient", "question", "no question", "no name"],
)
def test_what_is_for_others_by_others_old_or_unasked_lets_nobody_in(
    client: Client, company: SamlProvider, lies: dict[str, str]
):
    make.agent("Bo Lindqvist")
    company.lies = lies
    if lies.get("assertion") == "":
        company.signs_with = None

    assert come(client, answered(client)).status_code == 401
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("how", ["unsigned", "foreign key", "sha1"])
def test_a_missing_foreign_or_weak_signature_lets_nobody_in(client: Client, company: SamlProvider, how: str):
    make.agent("Bo Lindqvist")
    if how == "unsigned":
        company.signs_with = None
    elif how == "foreign key":
        company.signs_with = company.stranger
    else:
        company.algorithm = (Names.RSA_SHA1, Names.SHA1)

    assert come(client, answered(client)).status_code == 401


def test_an_answer_lets_in_once_and_only_the_browser_that_asked(client: Client, company: SamlProvider):
    make.agent("Bo Lindqvist")
    answer = answered(client)
    eve, never_asked = Client(), Client()
    answered(eve)

    assert [come(each, answer).status_code for each in (never_asked, eve)] == [401, 401]
    session = client.session
    asked = session["saml_asked"]
    assert come(client, answer).headers["Location"] == "/queue"
    session = client.session
    session["saml_asked"] = asked
    session.save()
    assert come(client, answer).status_code == 401


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)
READS = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("text", [BOMB, READS, "", "no xml", "<x/>"], ids=["bomb", "file", "empty", "words", "other"])
def test_what_is_no_answer_or_means_harm_is_refused(
    client: Client, company: SamlProvider, text: str, caplog: pytest.LogCaptureFixture
):
    answered(client)
    with caplog.at_level(logging.CRITICAL):
        posted = Client().post(
            "/sign-in/with/company/answer", {"SAMLResponse": base64.b64encode(text.encode()).decode()}
        )
        answer = client.get(posted.headers["Location"]) if posted.status_code == 303 else posted

    assert answer.status_code in (401, 422)
    assert "root:" not in answer.content.decode()
    with pytest.raises(ThreadlineError):
        saml.issuer_in(text)


# ---- setting it up ---------------------------------------------------------------------------------------------------


def test_an_admin_sets_a_service_up_by_its_address_and_gives_it_our_metadata(client: Client, server: SamlProvider):
    client.force_login(make.agent("Di Moreau", is_admin=True))
    fields = {"name": "Our ADFS", "lies_at": f"{server.url}/metadata", "trusts_addresses": "on", "active": "on"}

    made = client.post("/settings/sign-in/providers/new-saml", fields, follow=True)
    nothing = client.post("/settings/sign-in/providers/new-saml", {"name": "None"})
    elsewhere = client.post(
        "/settings/sign-in/providers/new-saml", {**fields, "name": "X", "lies_at": "file:///etc/passwd"}
    )

    known = Provider.objects.get()
    assert (known.slug, known.kind, known.issuer) == ("our-adfs", "saml", f"{server.url}/metadata")
    page = made.content.decode()
    assert "http://127.0.0.1:8400/sign-in/with/our-adfs/answer" in page
    assert "Paste the metadata" in nothing.content.decode()
    assert elsewhere.status_code == 422
    ours = Client().get("/sign-in/with/our-adfs/metadata")
    assert b'entityID="http://127.0.0.1:8400/sign-in/with/our-adfs/metadata"' in ours.content
    assert b'WantAssertionsSigned="true"' in ours.content
    assert "With Our ADFS" in Client().get("/sign-in").content.decode()


def test_another_service_under_the_same_name_knows_nobody_any_more(client: Client, company: SamlProvider):
    make.agent("Bo Lindqvist")
    come(client, answered(client))
    known = Provider.objects.get()
    known.issuer = "https://another.example/metadata"

    providers.save(provider=known, secret="", by=make.agent("Di Moreau"), now=timezone.now())

    company.is_now("n-1", "somebody@example.com")
    known.issuer = f"{company.url}/metadata"
    known.save()
    again = Client()
    assert come(again, answered(again)).status_code == 403
