"""Passwords and tokens of channels, sealed. The migrations know this name."""

from threadline.lib.sealed import SecretField, Secrets

__all__ = ["SecretField", "Secrets"]
