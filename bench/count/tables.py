"""The tables of the count's benchmark, for a terminal and for docs/benchmarks.md."""

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime

LAYERS = ("kernel", "numpy", "plain")
TOLD = "told"
BEGINS, ENDS = "<!-- count: begins -->", "<!-- count: ends -->"
NAMES = {
    "read": "reading and grouping",
    "equal-shares": "Equal Shares",
    "add1": "Equal Shares with add1",
    "phragmen": "Phragmén",
    "greedy": "greedy",
}
# Question: what the issue asks of the kernel, and of NumPy alone.
BARS = {"read": (75, None), "equal-shares": (1_000, 200), "add1": (500, None)}


@dataclass
class Row:
    """One question on one election: processor seconds by layer and by the peer's form."""

    election: str
    question: str
    ours: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    peer: dict[str, float] = field(default_factory=dict)
    peer_runs: int = 0
    bytes: int = 0
    why_not: str = ""

    @property
    def best_of_peer(self) -> float | None:
        return min(self.peer.values(), default=None)

    @property
    def fastest(self) -> float | None:
        return next((self.ours[layer] for layer in LAYERS if layer in self.ours), None)


def in_words(rows: list[Row], wholes: list[tuple[str, float, float, float]], speed: float) -> str:
    """The tables, as Markdown that can be read on a terminal too."""
    return "\n\n".join(
        "\n".join(_table(*table))
        for table in (_beside_the_peer(rows), _to_the_limit(rows, speed), _wholes(wholes))
    )


def written(
    text: str, rows: list[Row], wholes: list[tuple[str, float, float, float]], speed: float
) -> str:
    """A document with its tables renewed between the two marks."""
    before, rest = text.split(BEGINS)
    _, after = rest.split(ENDS)
    machine = f"{os.cpu_count()} processors, {_processor()}, Python {platform.python_version()}"
    told = (
        f"Measured on {datetime.now(UTC).date().isoformat()}: {machine}. "
        f"The load average at the end was {os.getloadavg()[0]:.1f}."
    )
    tables = in_words(rows, wholes, speed)
    return f"{before}{BEGINS}\n{told}\n\n{tables}\n{ENDS}{after}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as told:
            return next(line.split(":")[1].strip() for line in told if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


def _beside_the_peer(rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    head = ["election", "question", "pabutools", *LAYERS, "kernel is", "NumPy is", "with reasons"]
    lines = []
    for row in rows:
        peer = row.best_of_peer
        once = " (once)" if row.peer_runs == 1 else ""
        form = min(row.peer, key=row.peer.__getitem__, default="")
        lines.append(
            [
                row.election.removeprefix("Poland_").replace("_", " "),
                NAMES[row.question],
                f"{_seconds(peer)}, {form}{once}" if peer else row.why_not or "-",
                *(_seconds(row.ours.get(layer)) for layer in LAYERS),
                _times(peer, row.ours.get("kernel"), BARS.get(row.question, (None, None))[0]),
                _times(peer, row.ours.get("numpy"), BARS.get(row.question, (None, None))[1]),
                _seconds(row.told.get(TOLD) or None),
            ]
        )
    return head, lines


def _to_the_limit(rows: list[Row], speed: float) -> tuple[list[str], list[list[str]]]:
    head = [
        "election",
        "question",
        "bytes",
        f"one pass at {speed / 1e9:.1f} GB/s",
        "ours",
        "passes",
    ]
    lines = []
    for row in rows:
        if row.fastest is None:
            continue
        once = row.bytes / speed
        lines.append(
            [
                row.election.removeprefix("Poland_").replace("_", " "),
                NAMES[row.question],
                f"{row.bytes:,}",
                _seconds(once),
                _seconds(row.fastest),
                f"{row.fastest / once:,.0f}",
            ]
        )
    return head, lines


def _wholes(wholes: list[tuple[str, float, float, float]]) -> tuple[list[str], list[list[str]]]:
    head = ["whole process", "CPU", "clock", "peak MB"]
    return head, [
        [what, _seconds(processor), _seconds(clock), f"{memory:,.0f}"]
        for what, processor, clock, memory in wholes
    ]


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s"


def _times(peer: float | None, ours: float | None, bar: int | None) -> str:
    if peer is None or ours is None:
        return "-"
    asked = f" (bar {bar:,})" if bar else ""
    return f"{peer / ours:,.0f}×{asked}"


def _table(head: list[str], lines: list[list[str]]) -> list[str]:
    """A Markdown table whose columns stand under each other in plain text as well."""
    rows = [head, *lines]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]

    def line(cells: list[str]) -> str:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        return "| " + " | ".join(padded) + " |"

    return [
        line(head),
        "|" + "|".join("-" * (width + 2) for width in widths) + "|",
        *map(line, lines),
    ]
