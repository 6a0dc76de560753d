"""Why an exchange with a provider did not work, and why an item of theirs is not taken."""

from threadline.lib.errors import ThreadlineError


class Failure(ThreadlineError):
    """Why an exchange with a provider did not work. Exactly four kinds follow."""


class Unavailable(Failure):
    """Not now: try again later.

    `retry_after` are the seconds that the provider asked to be left alone for: the whole channel waits. `unknown`: the
    request went out and no answer came back, so that the message may have been sent. It is only tried again where the
    adapter is `idempotent`.
    """

    def __init__(self, text: str, *, retry_after: float | None = None, unknown: bool = False) -> None:
        super().__init__(text)
        self.retry_after, self.unknown = retry_after, unknown


class Rejected(Failure):
    """The provider will never accept this message."""


class OptedOut(Rejected):
    """The person asked not to be contacted this way."""


class Misconfigured(Failure):
    """The channel itself is set up wrongly: pause it and tell an admin."""


class Broken(ThreadlineError):
    """An incoming item that can not be read. It is kept in the ledger, quarantined with this reason."""


class Refused(Broken):
    """An incoming item that we do not want, such as our own mail coming back. The ledger keeps it, with this reason."""
