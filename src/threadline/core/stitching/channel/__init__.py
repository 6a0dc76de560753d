"""One public channel in which many talk at once: which line answers which, and so which lines are one conversation.

In the spirit of Kummerfeld et al. (2019), "A Large-Scale Corpus for Conversation Disentanglement": every line chooses
its parent among the lines before it, or begins a conversation; conversations are what hangs together.
"""

from threadline.core.stitching.channel.conversations import after_a_pause, connected
from threadline.core.stitching.channel.lines import Line, lines_of, rarity
from threadline.core.stitching.channel.linker import Linker, learn

__all__ = ["Line", "Linker", "after_a_pause", "connected", "learn", "lines_of", "rarity"]
