"""How people may sign in: the house's rules, and the providers that vouch for them."""

from django.db import models

from threadline.lib.sealed import SecretField


class SignInRules(models.Model):
    """One row: what holds for everybody."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    second_factor = models.BooleanField(default=False, help_text="who signs in with a password needs a second factor")

    class Meta:
        verbose_name_plural = "sign-in rules"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_row_of_sign_in_rules")]

    def __str__(self) -> str:
        return "second factor for everybody" if self.second_factor else "second factor for those who want one"

    @classmethod
    def current(cls) -> "SignInRules":
        return cls.objects.first() or cls()


class Provider(models.Model):
    """A service of the company that vouches for its people: by OpenID Connect (Keycloak, Google, Entra …) or SAML.

    Of SAML, `issuer` is the name that the service gives itself (its entity ID), and there is no secret.
    """

    class Kind(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OIDC)
    slug = models.SlugField(
        max_length=40, unique=True, help_text="stands in the address that the provider leads back to"
    )
    name = models.CharField(max_length=60)
    issuer = models.URLField(max_length=300, help_text="the address under which its configuration is found")
    client_id = models.CharField(max_length=191)
    secrets = SecretField(blank=True)
    metadata = models.TextField(blank=True, help_text="what a SAML service says of itself: its address and its keys")
    trusts_addresses = models.BooleanField(
        default=False, help_text="its e-mail addresses count as checked, though it does not say so"
    )
    domains = models.JSONField(default=list, blank=True, help_text="who has an address here comes in uninvited")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="oidc", metadata="") | (models.Q(kind="saml") & ~models.Q(metadata="")),
                name="saml_providers_have_metadata",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Remembered(models.Model):
    """What every process must remember for minutes: how often something was tried, which codes were used.

    The table of Django's cache in the database; allauth counts and remembers there.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "remembered"

    def __str__(self) -> str:
        return self.cache_key
