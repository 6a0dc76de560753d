"""A telephone line of ours: what callers hear, which keys they may press, where each leads: a person is one away."""

from threadline.core.phone.flow import Step, after, heard
from threadline.core.phone.line import PERSON, Does, Key, Line, read, written

__all__ = ["PERSON", "Does", "Key", "Line", "Step", "after", "heard", "read", "written"]
