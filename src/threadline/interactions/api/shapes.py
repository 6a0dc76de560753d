"""The shapes of requests and answers, for the description in openapi.json. What is read is judged by the adapter."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from threadline.channels.kinds import known

EXAMPLE: JsonDict = {
    "id": "4711-1",
    "at": "2026-03-01T09:30:00Z",
    "channel": "email",
    "direction": "in",
    "endpoint": "hello@shop.example",
    "sender": {"email": "ana@example.com", "display_name": "Ana Karlsson"},
    "thread": {"message_id": "a1@example.com"},
    "subject": "My kettle leaks",
    "text": "The kettle I bought leaks. Order HP-4711.",
}


class Interaction(BaseModel):
    """One touch on any channel."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, extra="allow")

    id: str = Field(description="your own id; the same one at the same endpoint is taken once")
    at: datetime = Field(description="when it happened, with its time zone")
    channel: str = Field(description=f"one of {', '.join(known())}")
    endpoint: str = Field("", description="which address of ours it came to; may be left out where there is only one")
    direction: Literal["in", "out", "event"] = "in"
    public: bool | None = None
    sender: dict[str, Any] = Field(
        {}, description="the channel's own fields: email, number, handle, visitor_id, login …"
    )
    to: dict[str, Any] = Field({}, description="on our own replies: whom they went to")
    thread: dict[str, Any] = Field({}, description="message_id, in_reply_to, references, session, tweet_id, call_id …")
    subject: str | None = None
    text: str | None = None
    automatic: str = Field("", description="why it is an auto-reply or bulk; empty for a person")
    attributes: dict[str, Any] = {}
    device: dict[str, Any] = {}


class Interactions(BaseModel):
    interactions: list[Interaction] = Field(max_length=1000)


class Result(BaseModel):
    index: int
    id: str
    entry: int = Field(description="the number in the ledger, also of a refused one")
    verdict: Literal["accepted", "refused"]
    reason: str


class Taken(BaseModel):
    accepted: int
    refused: int
    results: list[Result]


class Trouble(BaseModel):
    error: str = Field(description="what was wrong, and what to do now")
