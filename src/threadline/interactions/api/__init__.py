"""The API with which programs hand interactions in. The front door mounts it at /api/v1.

Rooms above add what they know of a touch (its journey, whom a call is from) to the same `api`.
"""

from threadline.interactions.api.answering import refuse
from threadline.interactions.api.app import api
from threadline.interactions.api.door import Calling, Reading, ReadingFields, Writing, WritingFields, in_thread

__all__ = ["Calling", "Reading", "ReadingFields", "Writing", "WritingFields", "api", "in_thread", "refuse"]
