"""What the room for jobs tells: runs that begin, end or go back, and how late each job is."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobBegun:
    """A run was taken up; late_s after its moment, none when it was begun before."""

    job: str
    run_id: int
    late_s: float | None


@dataclass(frozen=True, slots=True)
class JobFinished:
    """A run is done; batches and rows are those of this runner."""

    job: str
    run_id: int
    took_s: float
    batches: int
    rows: int


@dataclass(frozen=True, slots=True)
class JobKept:
    """A batch was undone; the run goes on later."""

    job: str
    run_id: int
    reason: str
    after_s: float


@dataclass(frozen=True, slots=True)
class JobLost:
    """A run was given up."""

    job: str
    run_id: int
    took_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class JobHanded:
    """A run goes back to the queue for another worker, because this one ends."""

    job: str
    run_id: int


@dataclass(frozen=True, slots=True)
class JobsMissed:
    """A look at the schedule or the queue came to nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class JobsMeasured:
    """Of each job: seconds since it was due and nobody began, and since its open run began."""

    delays: Sequence[tuple[str, float, float]]
