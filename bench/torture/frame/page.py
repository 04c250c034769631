"""docs/torture.json keeps the last figure of each number; docs/promises.md shows them."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.torture import Figure
from bench.torture.frame.numbers import NUMBERS

DOCS = Path(__file__).resolve().parents[3] / "docs"
KEPT, PAGE = DOCS / "torture.json", DOCS / "promises.md"
BEGINS, ENDS = "<!-- torture: begins -->", "<!-- torture: ends -->"
ENDED_BADLY = "no answer"
CHANGED = " with changes"
DATABASES = {"": "", "sqlite": "SQLite", "postgresql": "PostgreSQL"}


def keep(
    figures: list[Figure], *, run: str, database: str, size: str, seed: int, commit: str | None
) -> None:
    """Put these figures in the place of earlier ones of the same thing, and renew the page.

    `commit` is what was tried, as `tried_commit` told it when the run began: with the seed, it
    repeats the choices. Figures of before that was kept have none. That a run ended badly is told
    beside its last figures, until it ends well again. Raises ValueError where one run gives two
    figures one name: the second would hide the first.
    """
    names = [(figure.number, figure.what) for figure in figures]
    if twice := {f"{number} {what}" for number, what in names if names.count((number, what)) > 1}:
        raise ValueError(f"The run {run} gives two figures one name: {', '.join(sorted(twice))}.")
    mine = {"what": ENDED_BADLY, "run": run, "database": database}
    rows = {_key(row): row for row in kept() if not mine.items() <= row.items()}
    today = datetime.now(UTC).date().isoformat()
    for figure in figures:
        row = {
            "number": figure.number, "what": figure.what, "database": database, "run": run,
            "figure": figure.figure, "held": figure.held, "size": size, "seed": seed, "on": today,
            "commit": commit,
        }  # fmt: skip
        rows[_key(row)] = row
    lines = [json.dumps(rows[key], ensure_ascii=False) for key in sorted(rows)]
    KEPT.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    write_page()


def tried_commit() -> str | None:
    """The short commit of this tree, marked where files differ from it (all but the figures that
    runs write themselves); None where it is no clone, or git is missing."""
    try:
        commit = _git("rev-parse", "--short=10", "HEAD")
        figures = [f":(exclude)docs/{path.name}" for path in (KEPT, PAGE)]
        changed = _git("status", "--porcelain", "--", ".", *figures)
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + CHANGED if changed else commit


def _git(*words: str) -> str:
    command = ["git", *words]
    done = subprocess.run(command, cwd=DOCS.parent, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def kept() -> list[dict]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []


def write_page() -> None:
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def renewed(text: str) -> str:
    """The page with its table made anew from the kept figures."""
    before, rest = text.split(BEGINS)
    after = rest.split(ENDS)[1]
    return f"{before}{BEGINS}\n{table()}\n{ENDS}{after}"


def table() -> str:
    rows = sorted(kept(), key=_key)
    lines = ["| | What is tried | Asked for | Last figure |", "|---|---|---|---|"]
    for number, tried in NUMBERS.items():
        mine = [row for row in rows if row["number"] == number]
        told = "<br>".join(_sentence(row) for row in mine) or _nothing_yet(tried.kept_by)
        kept_by = f"<br>`{tried.kept_by}`" if tried.kept_by else ""
        lines.append(f"| {number} | {tried.tried}{kept_by} | {tried.asked} | {told} |")
    return "\n".join(lines)


def _nothing_yet(kept_by: str) -> str:
    return "no long run yet; the short test holds" if kept_by else "no figure yet"


def _sentence(row: dict) -> str:
    where = f"{DATABASES[row['database']]}, " if row["database"] else ""
    verdict = {True: "", False: "**not held:** ", None: "**not asked:** "}[row["held"]]
    commit = f", commit {row['commit']}" if row.get("commit") else ""
    how = f"{row['run']}, {row['size']}, seed {row['seed']}{commit}, {row['on']}"
    return f"{verdict}{where}{row['what']}: {row['figure']} ({how})"


def _key(row: dict) -> tuple[int, str, str]:
    return int(row["number"][1:]), row["what"], row["database"]
