"""What must never be about invitations, providers and the rules of signing in: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.accounts.models import Invitation, Provider, SignInRules

SIGN_IN = [
    (
        "invitation_email_lower_case",
        "an invited address in capitals",
        again(Invitation, email="'Fay@example.com'"),
    ),
    ("one_pending_invitation_per_address", "one address invited twice", again(Invitation)),
    (
        "invitation_taken_or_withdrawn",
        "an invitation that was taken and withdrawn",
        "update accounts_invitation set accepted_at = now(), withdrawn_at = now()",
    ),
    ("accounts_provider_slug_key", "two providers at one address", again(Provider)),
    (
        "saml_providers_have_metadata",
        "a SAML service of which nothing is known",
        "update accounts_provider set kind = 'saml'",
    ),
    ("allowance_not_overdrawn", "a store with less than nothing in it", 'update accounts_allowance set "left" = -1'),
    ("one_row_of_sign_in_rules", "other rules beside the rules", again(SignInRules, id="2")),
    ("accounts_signinrules_id_check", "rules with a number below zero", again(SignInRules, id="-1")),
]
