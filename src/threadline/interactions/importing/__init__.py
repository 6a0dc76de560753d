"""Bringing a file of interactions into the ledger: JSON Lines, an mbox or a maildir.

An import can be stopped at any moment and repeated at any time: how far it came is committed together with the
ledger's rows, and a file that was imported to its end adds nothing a second time.
"""

from threadline.interactions.importing.run import import_file
from threadline.interactions.importing.summary import Summary, summary_of, write_report

__all__ = ["Summary", "import_file", "summary_of", "write_report"]
