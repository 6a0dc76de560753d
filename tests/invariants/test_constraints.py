"""The database refuses what must never be. Every rule is broken here with plain SQL, past all our code."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.invariants import world
from tests.invariants.of_exchange import EXCHANGE
from tests.invariants.of_fields import FIELDS
from tests.invariants.of_notices import NOTICES
from tests.invariants.of_rules import RULING
from tests.invariants.of_sign_in import SIGN_IN
from tests.invariants.of_views import VIEWS
from tests.invariants.of_writing import WRITING
from tests.invariants.world import again
from threadline.accounts.models import Agent, ApiKey, Decision, Role, Team
from threadline.channels.models import Brand, Channel
from threadline.customers.models import Identity, IdentityLink
from threadline.interactions.models import (
    Attachment,
    Delivery,
    Fact,
    ImportRun,
    IntakeEntry,
    Interaction,
    Receipt,
    Thread,
)
from threadline.journeys.models import (
    ChannelPlan,
    Clock,
    Consent,
    Journey,
    Membership,
    Note,
    PromiseBook,
)

pytestmark = pytest.mark.usefixtures("built")
OURS = {"accounts", "channels", "customers", "interactions", "journeys"}


class Breach(NamedTuple):
    """Something that must never be, the SQL that tries it, and the rule that stops it. `says` is for triggers."""

    rule: str
    what: str
    sql: str
    says: str = ""


SKILL = "insert into accounts_skill (agent_id, dimension, value, level) select agent.id, 'language'"
THERE = "insert into accounts_availability (agent_id, presence, reason, since, until) select agent.id"
ANYBODY = "from (select min(id) as id from accounts_agent) agent"
ACCOUNTS = [
    Breach("accounts_agent_email_key", "two agents with one address", again(Agent, handle="null")),
    Breach("accounts_agent_handle_key", "two agents with one handle", again(Agent, email="'other@example.com'")),
    Breach("agent_email_lower_case", "an address in capitals", "update accounts_agent set email = 'Bo@example.com'"),
    Breach("accounts_team_name_key", "two teams of one name", again(Team)),
    Breach("accounts_role_name_key", "two roles of one name", again(Role)),
    Breach("only_partner_teams_end", "a team of ours that ends", "update accounts_team set ends_on = current_date"),
    Breach(
        "admins_have_no_other_role",
        "an admin with a lesser role",
        "update accounts_agent set is_admin = true, role_id = (select min(id) from accounts_role)",
    ),
    Breach(
        "accounts_sight_update_refused",
        "who looked, rewritten",
        "update accounts_sight set customer_id = 0",
        "UPDATE of accounts_sight is refused: who saw what is append-only",
    ),
    Breach("accounts_apikey_digest_key", "one key twice", again(ApiKey)),
    Breach("decision_confidence_0_1", "surer than sure", again(Decision, confidence="1.01")),
    Breach("decision_confidence_0_1", "less than nothing", again(Decision, confidence="-0.01")),
    Breach("decision_has_a_reason", "a conclusion without its why", again(Decision, reason="''")),
    Breach("decision_agent_named", "by an agent whom nobody names", again(Decision, by="'agent'", agent_id="null")),
    Breach(
        "decision_agent_named",
        "by a rule, yet an agent named",
        again(Decision, by="'rule'", agent_id="(select min(id) from accounts_agent)"),
    ),
    Breach(
        "accounts_decision_update_refused",
        "a conclusion edited",
        "update accounts_decision set reason = 'Because.'",
        "UPDATE of accounts_decision is refused: decisions are append-only",
    ),
    Breach(
        "accounts_decision_update_refused",
        "a conclusion deleted",
        "delete from accounts_decision",
        "DELETE of accounts_decision is refused: decisions are append-only",
    ),
    Breach(
        "accounts_event_update_refused",
        "history rewritten",
        "update accounts_event set verb = 'praised'",
        "UPDATE of accounts_event is refused: events are append-only",
    ),
    Breach(
        "accounts_event_update_refused",
        "history deleted",
        "delete from accounts_event",
        "DELETE of accounts_event is refused: events are append-only",
    ),
    Breach("agent_presence_known", "half there", "update accounts_agent set presence = 'perhaps'"),
    Breach("accounts_agent_capacity_check", "room for less than nothing", "update accounts_agent set capacity = -1"),
    Breach("one_level_per_skill", "two levels of one skill", f"{SKILL}, 'en', 1 {ANYBODY}, generate_series(1, 2)"),
    Breach("skill_level_1_3", "better than the best", f"{SKILL}, 'en', 4 {ANYBODY}"),
    Breach("accounts_skill_level_check", "worse than not at all", f"{SKILL}, 'en', -1 {ANYBODY}"),
    Breach("skill_of_something", "good at nothing in particular", f"{SKILL}, '', 1 {ANYBODY}"),
    Breach(
        "one_presence_at_a_time",
        "here twice at once",
        f"{THERE}, 'busy', '', now(), null {ANYBODY}, generate_series(1, 2)",
    ),
    Breach("presence_known", "there in spirit", f"{THERE}, 'perhaps', '', now(), null {ANYBODY}"),
    Breach(
        "presence_ends_after_it_began",
        "gone before they came",
        f"{THERE}, 'busy', '', now(), now() - interval '1 hour' {ANYBODY}",
    ),
]
CHANNELS = [
    Breach("channels_brand_name_key", "two brands of one name", again(Brand)),
    Breach("one_channel_per_address", "two channels with one address", again(Channel)),
]
CUSTOMERS = [
    Breach(
        "customers_identitymodel_version_key",
        "two weights of one version",
        "insert into customers_identitymodel (version, at, weights) values ('a', now(), '{}'), ('a', now(), '{}')",
    ),
    Breach(
        "customer_not_merged_into_itself", "merged into herself", "update customers_customer set merged_into_id = id"
    ),
    Breach(
        "customer_kept",
        "a customer deleted",
        "delete from customers_customer",
        "a merged customer stays and redirects",
    ),
    Breach(
        "one_owner_of_a_proven_handle",
        "a proven handle with two owners",
        again(Identity, customer_id="(select max(id) from customers_customer)"),
    ),
    Breach("one_identity_per_customer_and_handle", "one claim twice", again(Identity, level="'claimed'")),
    Breach("identity_not_empty", "a handle without a value", "update customers_identity set value = ''"),
    Breach("identity_not_empty", "a handle without a scheme", "update customers_identity set scheme = ''"),
    Breach("identity_level_known", "half proven", "update customers_identity set level = 'probably'"),
    Breach("link_joins_two_handles", "a handle linked with itself", again(IdentityLink, right_id="left_id", bits="0")),
    Breach("link_standing_known", "a link that is neither", again(IdentityLink, standing="'maybe'")),
    Breach("one_standing_link_per_pair", "two links that stand", again(IdentityLink, superseded_at="null")),
    Breach(
        "one_standing_link_per_pair",
        "a second one, the other way round",
        again(IdentityLink, left_id="right_id", right_id="left_id", superseded_at="null"),
    ),
    Breach(
        "identitylink_fixed",
        "a link edited",
        "update customers_identitylink set standing = 'same'",
        "links are superseded, never edited",
    ),
    Breach(
        "identitylink_superseded_once",
        "a superseded link standing again",
        "update customers_identitylink set superseded_at = null where superseded_at is not null",
        "a superseded link stays superseded",
    ),
    Breach("identitylink_kept", "a link deleted", "delete from customers_identitylink", "links are never deleted"),
]
LEDGER = [
    Breach(
        "entry_holds_one_item", "an entry without an item", again(IntakeEntry, id="9000", payload="null", raw="null")
    ),
    Breach("entry_holds_one_item", "an entry with two items", again(IntakeEntry, id="9000", raw="'\\x00'::bytea")),
    Breach(
        "entry_holds_one_item",
        "an entry with bytes and an empty object",
        again(IntakeEntry, payload="'null'::jsonb", raw="'\\x00'::bytea"),
    ),
    Breach(
        "entry_refusal_has_a_reason",
        "refused, nobody knows why",
        "update interactions_intakeentry set verdict = 'refused'",
    ),
    Breach(
        "entry_refusal_has_a_reason",
        "quarantined, nobody knows why",
        "update interactions_intakeentry set verdict = 'quarantined'",
    ),
    Breach(
        "entry_duplicate_names_the_first",
        "a duplicate of nothing",
        "update interactions_intakeentry set verdict = 'duplicate'",
    ),
    Breach(
        "entry_duplicate_names_the_first",
        "accepted, and a duplicate all the same",
        "update interactions_intakeentry set duplicate_of_id = (select min(id) from interactions_intakeentry)"
        " where id = (select max(id) from interactions_intakeentry)",
    ),
    Breach(
        "entry_duplicate_is_later",
        "a duplicate of itself",
        "update interactions_intakeentry set verdict = 'duplicate', duplicate_of_id = id",
    ),
    Breach("entry_verdict_known", "a verdict of its own", "update interactions_intakeentry set verdict = 'lost'"),
    Breach(
        "entry_fixed",
        "the words of a customer changed",
        """update interactions_intakeentry set payload = '{"text": "I am happy."}'""",
        "the ledger keeps what came in, word for word",
    ),
    Breach(
        "entry_kept", "something leaves the ledger", "delete from interactions_intakeentry", "nothing leaves the ledger"
    ),
    Breach("one_receipt_per_key", "two answers to one request", again(Receipt)),
    Breach("interactions_importrun_digest_key", "one file imported side by side", again(ImportRun)),
]
TREE = "(version, at, note, encoder, report, changes, used_at, withdrawn_at)"
TREE_VALUES = "('a', now(), '', 'minilm', '{}', '[]', null, now())"
DRAFT = "('%s', now(), '', 'minilm', '{}', '[]', null, null)"
TOUCHES = [
    Breach("one_thread_per_key", "one thread twice", again(Thread, id="9000")),
    Breach(
        "thread_reply_address_fixed",
        "the answer goes to somebody else",
        "update interactions_thread set reply_address = 'zoe@example.org'",
        "the reply address is fixed on the thread",
    ),
    Breach("interaction_has_an_entry", "a touch from nowhere", again(Interaction, id="9000", once_key="'other'")),
    Breach("interactions_interaction_once_key_key", "one touch twice", again(Interaction, id="9000")),
    Breach("touch_direction_known", "neither in nor out", "update interactions_interaction set direction = 'up'"),
    Breach("touch_kind_is_a_word", "over a channel of no kind", "update interactions_interaction set kind = ''"),
    Breach(
        "touch_author_speaks",
        "an event that somebody said",
        "update interactions_interaction set direction = 'event', author_id = (select min(id) from accounts_agent)",
    ),
    Breach("one_attachment_per_part", "one file twice", again(Attachment)),
    Breach("fact_not_empty", "a fact that says nothing", again(Fact, key="''")),
    Breach(
        "delivery_failure_has_a_reason",
        "failed, nobody knows why",
        "update interactions_delivery set state = 'failed', reason = ''",
    ),
    Breach("delivery_state_known", "on its way somehow", "update interactions_delivery set state = 'flying'"),
    Breach("interactions_delivery_attempts_check", "tried less than never", again(Delivery, attempts="-1")),
    Breach(
        "interactions_learnedshape_pattern_key",
        "one shape twice",
        "insert into interactions_learnedshape (name, pattern, seen, at) "
        "values ('order', 'A', 20, now()), ('case', 'A', 20, now())",
    ),
    Breach(
        "interactions_intenttree_version_key",
        "two trees of one version",
        f"insert into interactions_intenttree {TREE} values {TREE_VALUES}, {TREE_VALUES}",
    ),
    Breach(
        "one_draft_of_intents",
        "two drafts at a time",
        f"insert into interactions_intenttree {TREE} values {DRAFT % 'a'}, {DRAFT % 'b'}",
    ),
    Breach(
        "only_what_was_learned_is_in_use",
        "a tree in use that nothing was learned for",
        f"insert into interactions_intenttree {TREE} values ('a', now(), '', 'minilm', '{{}}', '[]', now(), null)",
    ),
    Breach(
        "one_intent_per_name",
        "one intent twice in a tree",
        f"with tree as (insert into interactions_intenttree {TREE} values {TREE_VALUES} returning id) "
        "insert into interactions_intent (tree_id, name, parent, examples) "
        "select id, 'Repair', '', '{}' from tree, generate_series(1, 2)",
    ),
    Breach(
        "outside_has_no_group",
        "a group of what belongs nowhere",
        f"with tree as (insert into interactions_intenttree {TREE} values {TREE_VALUES} returning id) "
        "insert into interactions_intent (tree_id, name, parent, examples) select id, '', 'Products', '{}' from tree",
    ),
]
JOURNEYS = [
    Breach(
        "journeys_stitchingmodel_version_key",
        "two models of one version",
        "insert into journeys_stitchingmodel (version, at, weights) values ('a', now(), '{}'), ('a', now(), '{}')",
    ),
    Breach("one_journey_at_a_time", "one touch in two journeys", again(Membership, superseded_at="null")),
    Breach(
        "membership_fixed",
        "a membership edited",
        "update journeys_membership set journey_id = (select max(id) from journeys_journey)",
        "memberships are superseded, never edited",
    ),
    Breach(
        "membership_superseded_once",
        "a superseded membership standing again",
        "update journeys_membership set superseded_at = null where superseded_at is not null",
        "a superseded membership stays so",
    ),
    Breach(
        "membership_kept", "a membership deleted", "delete from journeys_membership", "memberships are never deleted"
    ),
    Breach("journey_kept", "a journey deleted", "delete from journeys_journey", "old ids redirect for ever"),
    Breach("journey_status_known", "a status of its own", again(Journey, id="9000", status="'lost'")),
    Breach(
        "our_turn_has_a_clock",
        "our turn, and no clock runs",
        again(Journey, id="9000", status="'open'", waiting_since="null", wake_at="null"),
    ),
    Breach(
        "their_turn_has_no_clock",
        "their turn, and our clock runs",
        again(Journey, id="9000", status="'waiting'", waiting_since="opened_at", wake_at="null"),
    ),
    Breach(
        "their_turn_has_no_clock",
        "done, and our clock runs",
        again(Journey, id="9000", status="'done'", waiting_since="opened_at", wake_at="null"),
    ),
    Breach("asleep_until_a_moment", "asleep for ever", again(Journey, id="9000", status="'snoozed'", wake_at="null")),
    Breach(
        "asleep_until_a_moment",
        "awake, with an alarm",
        again(Journey, id="9000", status="'done'", waiting_since="null", wake_at="now()"),
    ),
    Breach("journey_not_joined_into_itself", "joined into itself", "update journeys_journey set joined_into_id = id"),
    Breach(
        "journey_ends_after_it_began",
        "over before it began",
        "update journeys_journey set last_at = opened_at - interval '1 second'",
    ),
    Breach(
        "one_draft_of_routing",
        "two drafts of the rules",
        "insert into journeys_routingpolicy (document, at, note) values ('{}', now(), ''), ('{}', now(), '')",
    ),
    Breach("note_not_empty", "an empty note", again(Note, id="9000", text="''")),
]
PROMISES = [
    Breach("clock_kind_known", "a clock of no kind", "update journeys_clock set kind = 'later'"),
    Breach(
        "broken_when_due", "broken at another time", "update journeys_clock set broken_at = due_at + interval '1 s'"
    ),
    Breach(
        "met_clock_took_time", "kept, and nobody knows how", "update journeys_clock set met_at = due_at, took = null"
    ),
    Breach(
        "paused_clock_has_left",
        "paused, and nothing known to be left",
        'update journeys_clock set paused_at = due_at, "left" = null',
    ),
    Breach(
        "clock_due_after_its_start",
        "due before it was promised",
        "update journeys_clock set due_at = started_at - interval '1 s', broken_at = null",
    ),
    Breach("one_clock_of_the_matter", "two clocks of one matter", again(Clock, kind="'resolution'")),
    Breach(
        "one_clock_of_the_wait",
        "two clocks of one wait",
        "update journeys_clock set met_at = null, took = null where kind = 'first'; "
        + again(Clock, kind="'next'", met_at="null", took="null"),
    ),
    Breach(
        "journeys_promisebook_undoes_id_key",
        "one change taken back twice",
        f"{again(PromiseBook, undoes_id='id')}; {again(PromiseBook, undoes_id='id')}",
    ),
    Breach("one_consent_each", "two wishes about one address", again(Consent)),
    Breach("consent_has_evidence", "a wish of which nobody knows how", "update journeys_consent set evidence = ''"),
    Breach(
        "journeys_channelplan_undoes_id_key",
        "one change of the plan of channels taken back twice",
        f"{again(ChannelPlan, undoes_id='id')}; {again(ChannelPlan, undoes_id='id')}",
    ),
]
BREACHES = [
    *ACCOUNTS,
    *CHANNELS,
    *CUSTOMERS,
    *LEDGER,
    *TOUCHES,
    *JOURNEYS,
    *PROMISES,
    *(Breach(*each) for each in NOTICES),
    *(Breach(*each) for each in FIELDS),
    *(Breach(*each) for each in SIGN_IN),
    *(Breach(*each) for each in WRITING),
    *(Breach(*each) for each in VIEWS),
    *(Breach(*each) for each in RULING),
    *(Breach(*each) for each in EXCHANGE),
]


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[None]:
    """One world for all tries: each leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        world.build()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("breach", BREACHES, ids=[f"{breach.rule}: {breach.what}" for breach in BREACHES])
def test_the_database_refuses(breach):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        world.run(breach.sql)

    known = refused.value.__cause__.diag
    assert breach.says in known.message_primary if breach.says else known.constraint_name == breach.rule


def test_every_rule_of_the_database_is_tried_here():
    tables = [
        model._meta.db_table for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed
    ]
    with connection.cursor() as cursor:
        cursor.execute(RULES, {"tables": tables})
        rules = {name for (name,) in cursor.fetchall()}

    assert rules == {breach.rule for breach in BREACHES}


RULES = """
    select conname from pg_constraint
    where conrelid::regclass::text = any(%(tables)s)
      and (contype in ('c', 'u', 'x') or (contype = 'f' and strpos(conname, '_fk_') = 0))
    union
    select indexrelid::regclass::text from pg_index
    where indisunique and not indisprimary and indrelid::regclass::text = any(%(tables)s)
    union
    select tgname from pg_trigger where not tgisinternal and tgrelid::regclass::text = any(%(tables)s)
"""
