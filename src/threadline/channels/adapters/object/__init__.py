"""The generic object: any touch on any channel as one JSON object, as the API and `threadline import` take it."""

from threadline.channels.adapters.object.adapter import ObjectAdapter

__all__ = ["ObjectAdapter"]
