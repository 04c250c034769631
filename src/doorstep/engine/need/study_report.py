"""A study as text for a terminal of 80 columns, one place's whole reasoning, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from .selection import Reason, Verdict
from .shares import pounds
from .study import Study
from .words import said

WIDTH = 80
MOST_LISTED = 40
_HEADS = {"equal": "equal", "per_head": "per head", "need_weighted": "by need", "steps": "by steps"}


def study_text(study: Study) -> str:
    """Who is first in line, who just misses, the shares beside other rules', the sources."""
    return "\n".join(_lines(study)) + "\n"


def place_text(study: Study, code: str) -> str:
    """Everything that decided about one place. Raises NeedError for a code of no area here."""
    verdict = study.selection.verdict(code)
    head = f"{study.name_of(code)} ({code})"
    first = "is first in line" if verdict.chosen else "is not first in line"
    lines = wrap(f"{head} {first} for long-term investment.", WIDTH)
    lines += [line for reason in verdict.reasons for line in _bullet(said(reason))]
    share = _share_of(study, code)
    if share is not None:
        lines += _bullet(said(share))
    if verdict.chosen or study.selection.programme.note:
        lines += ["", *wrap(f"The rules: {_rules(study)}", WIDTH)]
    return "\n".join([*lines, "", *_sources(study)]) + "\n"


def _share_of(study: Study, code: str) -> Reason | None:
    return next((share.reason for share in study.shares if share.code == code), None)


def _bullet(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _rules(study: Study) -> str:
    rules = study.programme
    worst = " and ".join(f"{one.percent}% on {one.index}" for one in rules.criteria)
    said = [f"{rules.name}, as on {study.on}: among the worst {worst}"]
    if rules.population_least:
        said.append(f"at least {rules.population_least:,} people")
    if rules.population_most is not None:
        word = "under" if rules.most_excluded else "at most"
        said.append(f"{word} {rules.population_most:,} people")
    if rules.per_council is not None:
        said.append(f"at most {rules.per_council} in a council")
    note = f" {rules.note}" if rules.note else ""
    return f"{'; '.join(said)}. {rules.source_title} ({rules.source}).{note}"


def _lines(study: Study) -> Iterator[str]:
    chosen = study.selection.codes
    yield from wrap(f"Who is first in line? {study.name}", WIDTH)
    yield from wrap(_rules(study), WIDTH)
    yield from wrap(
        f"{len(chosen):,} of {len(study.selection.areas):,} areas ({study.programme.areas}) are "
        "first in line. Ranks are among the areas in the files.",
        WIDTH,
    )
    yield ""
    yield from _table(study, chosen)
    near = study.selection.near_misses(5)
    if near:
        yield "Nearest to the line:"
        for verdict in near:
            yield from _near(study, verdict)
        yield ""
    for kind, outcome in study.compared.items():
        if isinstance(outcome, str):
            yield from wrap(f"Shared {_HEADS[kind]}: {outcome}", WIDTH)
    for loss in study.lost:
        yield from wrap(f"Carried from older boundaries. {loss}", WIDTH)
    yield from _sources(study)


def _near(study: Study, verdict: Verdict) -> list[str]:
    why = " ".join(said(reason) for reason in verdict.reasons)
    return _bullet(f"{study.name_of(verdict.code)}: {why}")


def _table(study: Study, chosen: list[str]) -> Iterator[str]:
    # The rule itself stands under "share" already, and five sums leave no room for a name.
    kinds = [
        kind
        for kind, outcome in study.compared.items()
        if isinstance(outcome, tuple) and not (len(study.compared) > 3 and kind == _kind(study))
    ]
    heads = "".join(f"{_HEADS[kind]:>13}" for kind in kinds)
    share = f"{'share':>13}" if study.shares else ""
    yield f"{'place':<26}" + share + heads
    for number, code in enumerate(chosen[:MOST_LISTED]):
        row = f"{study.name_of(code)[:26]:<26}"
        if study.shares:
            row += f"{pounds(study.shares[number].pence // 100 * 100):>13}"
        for kind in kinds:
            outcome = study.compared[kind]
            if not isinstance(outcome, str):
                row += f"{pounds(outcome[number] // 100 * 100):>13}"
        yield row
    if len(chosen) > MOST_LISTED:
        yield f"… and {len(chosen) - MOST_LISTED:,} more: --json has them all."
    if study.rule is not None and study.shares:
        kind = study.rule.kind.replace("_", " ")
        total = sum(share.pence for share in study.shares)
        yield from wrap(
            f"{pounds(total)} shared by the rule “{kind}”, to the penny; here without pence. "
            "Beside it what the same pot would be under other rules.",
            WIDTH,
        )
    yield ""


def _kind(study: Study) -> str:
    return study.rule.kind if study.rule is not None else ""


def _sources(study: Study) -> Iterator[str]:
    yield "Sources:"
    for source in study.sources:
        yield from _bullet(f"{source.line}. {source.file}, SHA-256 {source.sha256[:16]}…")


def study_values(study: Study) -> dict[str, Any]:
    """Everything as JSON values: rules, places, every reason as code and parameters, sources."""
    rules = study.programme
    chosen = study.selection.codes
    return {
        "name": study.name,
        "on": study.on.isoformat(),
        "programme": {
            "id": rules.id, "name": rules.name, "areas": str(rules.areas),
            "criteria": [{"index": one.index, "percent": one.percent} for one in rules.criteria],
            "population_least": rules.population_least, "population_most": rules.population_most,
            "most_excluded": rules.most_excluded, "per_council": rules.per_council,
            "places": rules.places, "source": f"{rules.source_title}, {rules.source}",
            "note": rules.note,
        },
        "areas": len(study.selection.areas),
        "chosen": [
            {"code": code, "name": study.name_of(code), "residents": study.residents.at(code),
             "ranks": {name: int(figure.at(code)) for name, figure in study.ranks.items()},
             "scores": {name: figure.at(code) for name, figure in study.scores.items()}}
            for code in chosen
        ],
        "near_misses": [_verdict(study, one) for one in study.selection.near_misses()],
        "pot_pence": study.pot,
        "shares": [
            {"code": one.code, "pence": one.pence, "reason": _reason(one.reason)}
            for one in study.shares
        ],
        "compared": {
            kind: outcome if isinstance(outcome, str) else list(outcome)
            for kind, outcome in study.compared.items()
        },
        "lost": list(study.lost),
        "sources": [
            {"title": one.title, "publisher": one.publisher, "licence": one.licence,
             "year": one.year, "file": one.file, "sha256": one.sha256, "note": one.note}
            for one in study.sources
        ],
    }  # fmt: skip


def _verdict(study: Study, verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "name": study.name_of(verdict.code),
        "reasons": [_reason(reason) for reason in verdict.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "params": dict(reason.params), "text": said(reason)}
