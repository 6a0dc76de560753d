"""What became of an import: counts, and the reasons for whatever was not accepted."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import QuerySet

from threadline.interactions.models import ImportRun, IntakeEntry

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over one file. `pending` ones wait for the pipeline; `reasons` has an example for each kind of trouble."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    pending: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        counts = f"{self.accepted} accepted, {self.duplicate} duplicate, {self.refused} refused"
        waiting = f", {self.pending} waiting for the worker" if self.pending else ""
        listed = [f"  {count} × {reason}" for reason, count in self.reasons.most_common(SHOWN)]
        more = len(self.reasons) - SHOWN
        return "\n".join([counts + waiting, *listed, *([f"  … and {more} other reasons"] if more > 0 else [])])


def entries_of(run: ImportRun) -> QuerySet[IntakeEntry]:
    """Cost: a look at every ledger entry; once for an import."""
    return IntakeEntry.objects.filter(source="import", headers__import=run.pk)


def summary_of(run: ImportRun, *, again: bool = False) -> Summary:
    """Counts of a run; of a file that had been imported before, everything accepted counts as duplicate."""
    verdicts, reasons = Counter[str](), Counter[str]()
    for verdict, reason in entries_of(run).values_list("verdict", "reason"):
        verdicts[verdict] += 1
        if verdict in ("refused", "quarantined"):
            reasons[without_place(reason)] += 1
    accepted = verdicts["accepted"]
    return Summary(
        accepted=0 if again else accepted,
        duplicate=verdicts["duplicate"] + (accepted if again else 0),
        refused=verdicts["refused"] + verdicts["quarantined"],
        pending=verdicts["pending"],
        reasons=reasons,
    )


def without_place(reason: str) -> str:
    """“Line 17: …” without its number, so that equal mistakes are counted together."""
    place, colon, rest = reason.partition(": ")
    return rest if colon and place.split(" ")[0] in ("Line", "Mail") and place.split(" ")[-1].isdigit() else reason


def write_report(run: ImportRun, path: Path) -> int:
    """A CSV file with everything that was not accepted: number, id, verdict, reason. Returns how many lines it has."""
    trouble = entries_of(run).exclude(verdict__in=["accepted", "pending"]).order_by("pk")
    rows = list(trouble.values_list("headers__number", "external_id", "verdict", "reason"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "id", "verdict", "reason"])
        writer.writerows(rows)
    return len(rows)
