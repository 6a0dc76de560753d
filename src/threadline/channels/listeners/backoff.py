"""How long to wait before the next try: twice as long each time, a little by chance, up to a limit."""

import random


class Backoff:
    def __init__(self, *, first: float = 0.5, longest: float = 60) -> None:
        self.first, self.longest = first, longest
        self.pause = first

    def next(self) -> float:
        """Seconds to wait now. The chance keeps many mailboxes from knocking at one server in the same moment."""
        pause, self.pause = self.pause, min(self.pause * 2, self.longest)
        return pause * random.uniform(0.75, 1.25)

    def reset(self) -> None:
        self.pause = self.first
