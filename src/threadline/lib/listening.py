"""Hearing what other processes announce: how the front door reaches the database beside Django."""

from typing import Any

from django.db import connection


def database() -> dict[str, Any]:
    """The settings of Django's database as psycopg takes them."""
    values = connection.settings_dict
    return {
        "host": values["HOST"],
        "port": values["PORT"],
        "user": values["USER"],
        "password": values["PASSWORD"],
        "dbname": values["NAME"],
        "connect_timeout": 5,
    }
