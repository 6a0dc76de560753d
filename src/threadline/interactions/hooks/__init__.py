"""Where providers call us: `/in/<channel>`. What they hand over is in the ledger before they hear that it is."""

from threadline.interactions.hooks.routes import routes

__all__ = ["routes"]
