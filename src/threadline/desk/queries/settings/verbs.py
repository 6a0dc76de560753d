"""Events in words, for the audit log: who *did what*. A verb that has no words here shows itself."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Event

Words = str | Promise
VERBS: dict[str, Words] = {
    "saw": gettext_lazy("opened"),
    "exported": gettext_lazy("exported the audit log"),
    "replied": gettext_lazy("answered"),
    "noted": gettext_lazy("wrote a note"),
    "mentions_seen": gettext_lazy("saw where they were named"),
    "taken_back": gettext_lazy("took back an answer before it went out"),
    "reply_scheduled": gettext_lazy("planned an answer"),
    "reply_unscheduled": gettext_lazy("made a planned answer a draft again"),
    "reply_kept_back": gettext_lazy("did not send a planned answer"),
    "macro_written": gettext_lazy("wrote a text kept ready"),
    "macro_withdrawn": gettext_lazy("put a text away"),
    "macro_put_back": gettext_lazy("put a text back"),
    "view_saved": gettext_lazy("kept a view of the queue"),
    "view_withdrawn": gettext_lazy("put a view away"),
    "view_put_back": gettext_lazy("put a view back"),
    "views_ordered": gettext_lazy("put their views in order"),
    "many_done": gettext_lazy("did something to many stories"),
    "policy_written": gettext_lazy("said what we may promise"),
    "policy_withdrawn": gettext_lazy("put a policy away"),
    "policy_put_back": gettext_lazy("put a policy back"),
    "logged_call": gettext_lazy("wrote a call down"),
    "phone_taken": gettext_lazy("took a call"),
    "phone_handed": gettext_lazy("handed a call over"),
    "callback_tried": gettext_lazy("tried to call back"),
    "callback_kept": gettext_lazy("called back as promised"),
    "callback_dropped": gettext_lazy("said that a promised call is not needed"),
    "callback_owed_again": gettext_lazy("put a promised call back"),
    "handset_set": gettext_lazy("set the telephone at which they take calls"),
    "assigned": gettext_lazy("handed over"),
    "snoozed": gettext_lazy("let it sleep"),
    "waited": gettext_lazy("said that it is their turn"),
    "done": gettext_lazy("called it done"),
    "reopened": gettext_lazy("opened it again"),
    "intent_set": gettext_lazy("said what it is about"),
    "field_set": gettext_lazy("filled in a field"),
    "field_written": gettext_lazy("defined a field"),
    "field_moved": gettext_lazy("put the fields in order"),
    "field_off": gettext_lazy("switched a field off"),
    "field_on": gettext_lazy("switched a field on"),
    "moved": gettext_lazy("moved touches"),
    "split": gettext_lazy("split a story"),
    "joined": gettext_lazy("joined stories"),
    "kept_here": gettext_lazy("kept a touch where it was"),
    "customers_merged": gettext_lazy("joined two people"),
    "kept_apart": gettext_lazy("kept two people apart"),
    "undone": gettext_lazy("took something back"),
    "wishes_changed": gettext_lazy("changed how they are told"),
    "push_allowed": gettext_lazy("let a browser be pushed to"),
    "push_stopped": gettext_lazy("had pushing to a browser stopped"),
    "intents_changed": gettext_lazy("changed the draft of intents"),
    "intents_tried": gettext_lazy("tried the draft of intents"),
    "intents_used": gettext_lazy("put intents in use"),
    "intents_dropped": gettext_lazy("dropped the draft of intents"),
    "intents_went_back": gettext_lazy("went back to earlier intents"),
    "intents_renamed": gettext_lazy("renamed intents"),
    "rules_changed": gettext_lazy("changed the draft of rules"),
    "rules_tried": gettext_lazy("tried rules on the past"),
    "rules_released": gettext_lazy("put rules to use"),
    "rules_dropped": gettext_lazy("dropped the draft of rules"),
    "agent_added": gettext_lazy("added a person"),
    "agent_changed": gettext_lazy("changed a person"),
    "agent_left": gettext_lazy("shut a person out"),
    "agent_returned": gettext_lazy("let a person in again"),
    "password_set": gettext_lazy("set a password"),
    "team_added": gettext_lazy("made a team"),
    "team_changed": gettext_lazy("changed a team"),
    "role_added": gettext_lazy("made a role"),
    "role_changed": gettext_lazy("changed a role"),
    "role_dropped": gettext_lazy("removed a role"),
    "channel_added": gettext_lazy("added a channel"),
    "channel_changed": gettext_lazy("changed a channel"),
    "channel_paused": gettext_lazy("paused a channel"),
    "channel_silent": gettext_lazy("noticed that a channel fell silent"),
    "channel_speaks": gettext_lazy("noticed that a channel is not silent any more"),
    "channel_gap": gettext_lazy("noticed that a channel's provider has more than came in"),
    "entries_tried_again": gettext_lazy("had items that could not be read looked at again"),
    "channel_works_again": gettext_lazy("found a channel working again"),
    "channel_resumed": gettext_lazy("resumed a channel"),
    "consent_said": gettext_lazy("wrote down how somebody wants to be reached"),
    "consent_taken_back": gettext_lazy("took back how somebody wants to be reached"),
    "number_shown": gettext_lazy("looked at a number that is hidden"),
    "channel_plan_set": gettext_lazy("said which channel is for what"),
    "address_barred": gettext_lazy("stopped mail to an address that sends it back"),
    "address_used_again": gettext_lazy("let mail go to an address again that sent it back"),
    "automatic_stopped": gettext_lazy("asked for no more automatic mail"),
    "automatic_wanted": gettext_lazy("asked for automatic mail again"),
    "brand_added": gettext_lazy("named a brand"),
    "brand_renamed": gettext_lazy("renamed a brand"),
    "key_made": gettext_lazy("made an API key"),
    "key_revoked": gettext_lazy("revoked an API key"),
}
SETTINGS_VERBS = tuple(
    verb
    for verb in VERBS
    if verb == "password_set"
    or verb.partition("_")[0] in ("agent", "team", "role", "channel", "address", "brand", "key")
)


def words_of(verb: str) -> str:
    return str(VERBS.get(verb, verb.replace("_", " ")))


def sentence(event: Event) -> str:
    """`changed a team: Kitchen (members, restricted)`; the person is named beside it."""
    name, changed = str(event.facts.get("name") or event.facts.get("words") or ""), _changed(event)
    told = words_of(event.verb) + (f": {name}" if name and event.verb in SETTINGS_VERBS else "")
    return f"{told} ({', '.join(changed)})" if changed else told


def _changed(event: Event) -> list[str]:
    """Which parts are different, in words."""
    before, after = event.facts.get("before"), event.facts.get("after")
    if event.verb not in SETTINGS_VERBS or not isinstance(after, dict):
        return []
    parts = [key for key in after if isinstance(before, dict) and before.get(key) != after[key]]
    sealed = event.facts.get("sealed") or []
    return [str(PARTS.get(part, part)) for part in parts] + ([_("passwords")] if sealed else [])


PARTS: dict[str, Words] = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("address"),
    "is_admin": gettext_lazy("admin"),
    "role": gettext_lazy("role"),
    "teams": gettext_lazy("teams"),
    "restricted": gettext_lazy("who sees its stories"),
    "partner": gettext_lazy("partner"),
    "ends_on": gettext_lazy("last day"),
    "members": gettext_lazy("members"),
    "rights": gettext_lazy("rights"),
    "brand": gettext_lazy("brand"),
    "settings": gettext_lazy("settings"),
    "active": gettext_lazy("on or paused"),
}
