"""E-mail: a mail's bytes become one interaction; a reply goes out over SMTP."""

from threadline.channels.adapters.email.adapter import Email

__all__ = ["Email"]
