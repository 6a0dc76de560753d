"""The queue: its pages, what narrows it, and work on many stories at once."""
