"""What the limiter tells: Redis came and went, and how many requests were decided."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LimiterLost:
    """Redis is away: each worker counts for itself from now on."""

    reason: str


@dataclass(frozen=True, slots=True)
class LimiterFound:
    """Redis counts again, after so many milliseconds."""

    away_ms: float


@dataclass(frozen=True, slots=True)
class LimitsDecided:
    """So many requests were let pass or refused, by Redis or by the worker alone."""

    by: str
    admitted: int
    refused: int
