"""What an engine concluded, from what evidence and how sure it is: the why that travels with every conclusion."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` is a sentence for an agent; `confidence` lies in 0..1; `evidence` is JSON-ready detail."""

    kind: str
    reason: str
    confidence: float
    version: str
    by: str = "rule"
    evidence: Mapping[str, object] = field(default_factory=dict)
