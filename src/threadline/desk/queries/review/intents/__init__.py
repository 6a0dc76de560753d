"""The tree of intents as people read it: what is in use, the draft beside it, the versions before."""

from threadline.desk.queries.review.intents.draft import Draft, draft
from threadline.desk.queries.review.intents.one import One, one, outside
from threadline.desk.queries.review.intents.tree import Page, page

__all__ = ["Draft", "One", "Page", "draft", "one", "outside", "page"]
