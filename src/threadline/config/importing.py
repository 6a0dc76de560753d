"""`threadline import`: a file into the ledger, and the ledger through the pipeline when no worker is at it."""

from pathlib import Path

from threadline.config.bars import Advance, bar
from threadline.interactions.importing import Summary, import_file, summary_of, write_report
from threadline.interactions.models import ImportRun, IntakeEntry
from threadline.journeys import pipeline


def bring_in(
    path: Path, *, channel: str | None = None, brands: Path | None = None, report: Path | None = None, work: bool = True
) -> Summary:
    """Import a file with bars for both halves of the work.

    Args:
        work: drive the pipeline until nothing waits; a worker that runs at the same time takes turns with us.
        report: where to write, as CSV, what was not accepted.
    """
    known = set(ImportRun.objects.filter(finished_at__isnull=False).values_list("pk", flat=True))
    with bar("Into the ledger") as progress:
        run = import_file(path, channel=channel, brands=brands, progress=progress)
    if work:
        with bar("Through the pipeline") as progress:
            drive(progress)
    if report:
        write_report(run, report)
    return summary_of(run, again=run.pk in known)


def drive(progress: Advance) -> None:
    """Process until the ledger holds nothing that waits."""
    total = IntakeEntry.objects.pending().count()
    done = 0
    while taken := pipeline.process_pending():
        done += taken
        progress(done, max(total, done))
    progress(1, 1)
