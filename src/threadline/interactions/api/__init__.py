"""The API with which programs hand interactions in. The front door mounts it at /api/v1.

Rooms above add what they know of a touch (its journey, whom a call is from) to the same `api`.
"""

from threadline.interactions.api.app import api
from threadline.interactions.api.door import Key, in_thread, refuse

__all__ = ["Key", "api", "in_thread", "refuse"]
