"""Passwords cost no third of a second here. Every other process can read them: it is the usual way, only quicker."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Quick(PBKDF2PasswordHasher):
    iterations = 1000
