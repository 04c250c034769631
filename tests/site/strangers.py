"""Bundles that strangers signed: good but for what a test has changed in them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.leaf import COMMITMENT_MARK
from doorstep.site.bundle import ABOUT, FORM, WORDS
from doorstep.site.restored.reading import LOG
from tests.engine.seal.many import resum
from tests.engine.seal.records import FROZEN, Says, by, good, said, written

SALT = bytes(32)
RESULT = {
    "projects": [{"id": "p1", "votes": 0, "won": True}],
    "rule": {"name": "everything-fits"},
    "winners": ["p1"],
}


def committed(text: str) -> str:
    return COMMITMENT_MARK + sha256(SALT + text.encode()).hexdigest()


def record(
    *, place: Any = "mill", round_: Any = "r1", result: Any = RESULT, name: str = "Mill Lane"
) -> list[Says]:
    """A fund, a place, an organisation, an award with its payment, a round that was decided."""
    found = good()
    for says in found:
        if says["kind"].split(".")[0] in ("round", "voting"):
            says["round"] = round_
            says["place"] = place
        if says["kind"] == "award.made":
            says["title"] = committed(name)
    words, digest = committed(name), sha256(_bytes(result)).hexdigest()
    return [
        *found,
        said("fund.opened", fund="fund", name=words, splits=False, **by(1)),
        said("organisation.opened", organisation="club", name=words, **by(1)),
        said(
            "place.opened", place=place, name=words, council=words, population=1234,
            population_year=2024, population_source=words, boundary_year=2021, **by(1),
        ),
        said("round.decided", round=round_, funded=1, result_sha256=digest, **by(1)),
    ]  # fmt: skip


def _bytes(result: Any) -> bytes:
    return json.dumps(result, sort_keys=True, separators=(",", ":")).encode()


def bundle_of(
    folder: Path,
    leaves: list[Says],
    *,
    round_: str = "r1",
    result: Any = RESULT,
    name: str = "Mill Lane",
) -> Path:
    """Write it, signed, with the files of its round where its leaves say that they are, and with
    the sums of what stands in it."""
    written(folder / LOG, leaves)
    for file, data in (("frozen.jsonl", FROZEN), ("result.json", _bytes(result))):
        path = folder / f"rounds/{round_}" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    line = {"words": committed(name), "salt": SALT.hex(), "text": name}
    (folder / WORDS).write_bytes(canonical(line) + b"\n")
    (folder / ABOUT).write_text(json.dumps({"form": FORM}))
    (folder / "verify.py").write_text("raise SystemExit('a stranger wrote this')\n")
    resum(folder)
    return folder
