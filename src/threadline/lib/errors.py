"""Errors that are meant for people."""


class ThreadlineError(Exception):
    """Something a person can act on: the text says what was wrong, with which value, and what to do now."""
