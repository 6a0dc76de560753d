"""What may stand in the log: Django names the address of what it refuses, and some addresses carry a secret."""

import logging
import re

_SECRET = re.compile(r"(/(?:new-password/\d+|invitations|with/[\w-]+/in)/)[^/\s'\"]+")


class NoSecrets(logging.Filter):
    """Links of ours stand there without what makes them work."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/" in said and (safe := _SECRET.sub(r"\1…", said)) != said:
            record.msg, record.args = safe, ()
        return True
