"""How people come in and stay safe: invitations, passwords, second factors, sessions, single sign-on.

django-allauth does the protocols; `adapters` is where it asks us. Every change here leaves an Event.
"""
