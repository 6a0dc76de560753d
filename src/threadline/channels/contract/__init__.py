"""The contract between a channel adapter and the rest: frozen data in, frozen data out, four ways to fail.

An adapter is one class in one file under `adapters/`. It translates; it knows no database and no journey. How to write
one: docs/how-to/add-a-channel.md.
"""

from threadline.channels.contract.adapter import Adapter
from threadline.channels.contract.failures import (
    Broken,
    Failure,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    Unavailable,
)
from threadline.channels.contract.hooks import Answer, Fetched, Hook, Piece
from threadline.channels.contract.messages import Enclosure, Endpoint, File, Inbound, Outbound, Raw, Report
from threadline.channels.contract.setup import API_URL, Abilities, Address, Group, Limits, Setting, Words, words

__all__ = [
    "API_URL",
    "Abilities",
    "Adapter",
    "Address",
    "Answer",
    "Broken",
    "Enclosure",
    "Endpoint",
    "Failure",
    "Fetched",
    "File",
    "Group",
    "Hook",
    "Inbound",
    "Limits",
    "Misconfigured",
    "OptedOut",
    "Outbound",
    "Piece",
    "Raw",
    "Refused",
    "Rejected",
    "Report",
    "Setting",
    "Unavailable",
    "Words",
    "words",
]
