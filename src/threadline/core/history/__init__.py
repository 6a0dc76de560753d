"""The whole history concluded at once, without a database: what the pipeline does batch by batch, in one go."""

from threadline.core.history.conclude import Concluded, Known, Models, conclude, links

__all__ = ["Concluded", "Known", "Models", "conclude", "links"]
