"""A study: official files, a programme's rules and a pot, named in one TOML file, and the answer.

What a funder asks before deciding and a resident afterwards, from the same inputs: who is first in
line, who just misses and why, what each place gets, and what another rule would give.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .errors import NeedError
from .geography import Figure, Geography, Source, people
from .lookup import Groups, LookUp
from .official import IndexFile, read_index
from .ons import read_changes, read_look_up, read_names, read_residents
from .programme import Programme, programme, read_programmes
from .roll_up import average
from .selection import Selection, select
from .shares import Share, Sharer, ShareRule, Step, share_out
from .shares import compared as compare
from .table import Progress, as_codes

MOST_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """What the files say of the small areas that places are made of: for whoever asks about one.

    `ranks` are the published ones, among `of` areas; of an index that was carried over from older
    boundaries, ranks anew. `look_up` is None where places are the small areas themselves.
    """

    scores: Mapping[str, Figure]
    ranks: Mapping[str, Figure]
    of: Mapping[str, int]
    residents: Figure
    names: Mapping[str, str]
    look_up: LookUp | None
    councils: LookUp | None


@dataclass(frozen=True, eq=False)
class Study:
    """The answer. `shares` are in the order of `selection.codes`; `compared` holds the pence of
    each place under other rules, or in words why that rule cannot be kept; `lost` what carrying
    figures over from older boundaries cost; `sources` every file that was read. `need` is the
    index that shares are weighed by, and `steps` are there to be compared under any rule."""

    name: str
    on: date
    programme: Programme
    ranks: Mapping[str, Figure]
    scores: Mapping[str, Figure]
    residents: Figure
    selection: Selection
    names: Mapping[str, str]
    pot: int
    rule: ShareRule | None
    need: str
    steps: tuple[Step, ...]
    shares: tuple[Share, ...]
    compared: Mapping[str, tuple[int, ...] | str]
    lost: tuple[str, ...]
    sources: tuple[Source, ...]
    small: SmallAreas

    def name_of(self, code: str) -> str:
        return self.names.get(code, "") or code


def run_study(file: Path, progress: Progress | None = None, *, today: date | None = None) -> Study:
    """Read a study file and everything it names, beside it, and answer it.

    docs/need.md lists what may stand in it. Given `today`, a study of a later day is refused: the
    rules of a day that has not come are not known. Raises NeedError for a study that cannot be
    read or run, NeedFileError for a file in it, and OSError when the study cannot be opened.
    """
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise NeedError("study", f"{file.name}: {problem}") from None
    return _Runner(file, given, progress, today).study()


_KNOWN = {
    "study": {"name", "programme", "rules", "on", "small_areas", "made_up"},
    "index": {"file", "name", "partial"},
    "residents": {"file", "column", "year", "index"},
    "look_up": {"file"},
    "councils": {"file", "to"},
    "changes": {"file"},
    "share": {"pot_pounds", "rule", "floor_pounds", "ceiling_pounds", "steps", "need"},
}


class _Runner:
    def __init__(
        self, file: Path, given: dict[str, Any], progress: Progress | None, today: date | None
    ) -> None:
        self.file, self.given, self.progress, self.today = file, given, progress, today
        self.sources: list[Source] = []
        self.lost: list[str] = []

    def refuse(self, what: str) -> NeedError:
        return NeedError("study", f"{self.file.name}: {what}")

    def study(self) -> Study:
        if odd := sorted(self.given.keys() - _KNOWN.keys()):
            raise self.refuse(f"nobody knows what [{odd[0]}] means.")
        top = self._table("study")
        on = top.get("on")
        if type(on) is not date:
            raise self.refuse("on is a day, such as 2026-11-28.")
        if self.today is not None and on > self.today:
            raise self.refuse(
                f"on is {on}, which has not come: nobody knows the rules of that day. "
                f"Give {self.today} or an earlier day."
            )
        rules = self._rules(self._words(top, "study", "programme"), top, on)
        small = Geography.named(self._words(top, "study", "small_areas"))
        files = {one.index.name: one for one in self._indices(rules)}
        scores = {name: self._score(one, small) for name, one in files.items()}
        residents = self._residents(files, small)
        look_up = self._look_up(small, rules.areas)
        councils = self._councils(small, rules.areas)
        below = self._small(files, scores, residents, look_up, councils)
        if look_up is not None:
            groups = {name: self._groups(look_up, name, one) for name, one in scores.items()}
            weighed = {
                name: average(one.values, people(residents, one.areas), groups[name])
                for name, one in scores.items()
            }
            first = next(iter(scores))
            there = groups[first]
            people_there = there.sums(people(residents, scores[first].areas))
            residents = Figure(residents.name, there.areas, people_there, residents.source)
            scores = {
                name: Figure(f"{name} score", groups[name].areas, values, scores[name].source)
                for name, values in weighed.items()
            }
        ranks = {name: one.ranked() for name, one in scores.items()}
        selection = select(rules, ranks, residents, councils)
        names = self._names(files, rules.areas)
        return self._shared(top, on, rules, ranks, scores, residents, selection, names, below)

    def _groups(self, look_up: LookUp, name: str, score: Figure) -> Groups:
        """The look-up's larger areas; a refusal says which index it is about."""
        try:
            return look_up.groups(score.areas)
        except NeedError as problem:
            raise NeedError(problem.code, f"{name}: {problem.what}") from None

    def _small(
        self, files: Mapping[str, IndexFile], scores: Mapping[str, Figure], residents: Figure,
        look_up: LookUp | None, councils: LookUp | None,
    ) -> SmallAreas:  # fmt: skip
        as_published = {
            name: files[name].areas.geography == score.areas.geography
            for name, score in scores.items()
        }
        return SmallAreas(
            scores=dict(scores),
            ranks={
                name: files[name].rank if as_published[name] else score.ranked()
                for name, score in scores.items()
            },
            of={
                name: files[name].index.areas if as_published[name] else len(score.areas)
                for name, score in scores.items()
            },
            residents=residents,
            names={code: name for one in files.values() for code, name in one.names.items()},
            look_up=look_up,
            councils=councils,
        )

    def _rules(self, id: str, top: dict[str, Any], on: date) -> Programme:
        if "rules" not in top:
            return programme(id, on)
        path = self._beside(self._words(top, "study", "rules"))
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            raise self.refuse(f"{path.name} cannot be read ({problem}).") from None
        for one in read_programmes(text, path.name, on):
            if one.id == id and one.holds(on):
                return one
        raise self.refuse(f"{path.name} has no rules of {id!r} that hold on {on}.")

    def _indices(self, rules: Programme) -> list[IndexFile]:
        tables = self.given.get("index")
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            raise self.refuse("there is no [[index]] in it.")
        found = []
        for table in tables:
            self._known("index", table)
            partial = table.get("partial", False)
            if type(partial) is not bool:
                raise self.refuse("partial is true or false.")
            read = read_index(
                self._beside(self._words(table, "index", "file")),
                expect=self._words(table, "index", "name"),
                partial=partial,
                progress=self.progress,
            )
            self.sources.append(read.source)
            found.append(read)
        missing = {one.index for one in rules.criteria} - {one.index.name for one in found}
        if missing:
            raise self.refuse(f"{rules.name} needs {min(missing)}: add an [[index]] with its file.")
        return found

    def _score(self, read: IndexFile, small: Geography) -> Figure:
        """The scores on the study's small areas, carried over with a stated loss where need be."""
        if read.areas.geography == small or "changes" not in self.given:
            return read.score
        changes = read_changes(self._file("changes"), progress=self.progress)
        if "all" not in read.residents:
            raise self.refuse(f"{read.index.name} has no residents to carry it over with.")
        carried = changes.carry(read.score, read.residents["all"])
        self.sources.append(changes.source)
        self.lost.append(f"{read.index.name}: {carried.loss.sentence}")
        return carried.figure

    def _residents(self, files: Mapping[str, IndexFile], small: Geography) -> Figure:
        table = self._table("residents")
        if "index" in table:
            read = files.get(str(table["index"]))
            if read is None or "all" not in read.residents:
                raise self.refuse(f"{table['index']!r} is no index here that counts residents.")
            return read.residents["all"]
        year = table.get("year")
        if type(year) is not int:
            raise self.refuse("residents: year is a whole number, such as 2021.")
        found = read_residents(
            self._file("residents"),
            small,
            self._words(table, "residents", "column"),
            year=year,
            progress=self.progress,
        )
        self.sources.append(found.source)
        return found

    def _look_up(self, small: Geography, to: Geography) -> LookUp | None:
        if small == to:
            return None
        found = read_look_up(self._file("look_up"), small, to, progress=self.progress)
        self.sources.append(found.source)
        return found

    def _councils(self, small: Geography, areas: Geography) -> LookUp | None:
        if "councils" not in self.given:
            return None
        to = Geography.named(self._words(self._table("councils"), "councils", "to"))
        found = read_look_up(self._file("councils"), areas, to, progress=self.progress)
        self.sources.append(found.source)
        return found

    def _names(self, files: Mapping[str, IndexFile], areas: Geography) -> Mapping[str, str]:
        for read in files.values():
            if read.areas.geography == areas:
                return read.names
        return read_names(self._file("look_up"), areas)

    def _shared(
        self, top: dict[str, Any], on: date, rules: Programme, ranks: dict[str, Figure],
        scores: dict[str, Figure], residents: Figure, selection: Selection,
        names: Mapping[str, str], small: SmallAreas,
    ) -> Study:  # fmt: skip
        table = self._table("share", {})
        pot, rule, steps = self._pot(table, rules) if table else (0, None, ())
        need = str(table.get("need", rules.criteria[0].index))
        shares: tuple[Share, ...] = ()
        compared: dict[str, tuple[int, ...] | str] = {}
        if rule is not None and selection.codes:
            if need not in scores:
                raise self.refuse(f"share: need is one of {', '.join(scores)}.")
            sharers = _sharers(selection, residents, scores[need])
            shares = share_out(pot, sharers, rule)
            compared = {
                kind: outcome.what if isinstance(outcome, NeedError) else _pence_of(outcome)
                for kind, outcome in compare(pot, sharers, rule, steps).items()
            }
        return Study(
            name=self._words(top, "study", "name"), on=on, programme=rules, ranks=ranks,
            scores=scores, residents=residents, selection=selection, names=names, pot=pot,
            rule=rule, need=need, steps=steps, shares=shares, compared=compared,
            lost=tuple(self.lost), sources=self._said_sources(top),
            small=small,
        )  # fmt: skip

    def _said_sources(self, top: dict[str, Any]) -> tuple[Source, ...]:
        """The files that were read; a publisher is not named under figures that are made up."""
        made_up = top.get("made_up", False)
        if type(made_up) is not bool:
            raise self.refuse("made_up is true or false.")
        sources = tuple(dict.fromkeys(self.sources))
        if not made_up:
            return sources
        return tuple(
            replace(
                one,
                title=f"Made up, in the layout of: {one.title}",
                publisher="No figure in it is real",
                licence="Free to copy",
            )
            for one in sources
        )

    def _pot(
        self, table: dict[str, Any], rules: Programme
    ) -> tuple[int, ShareRule, tuple[Step, ...]]:
        """The pot, the rule in pence, and the steps, which are compared under any rule.

        Floor and ceiling are the programme's where not given.
        """
        steps = table.get("steps", [])
        if not isinstance(steps, list) or not all(
            isinstance(one, dict) and one.keys() == {"residents_from", "pounds"} for one in steps
        ):
            raise self.refuse("share: a step has residents_from and pounds.")
        floor, ceiling = rules.award_least, rules.award_most
        if "floor_pounds" in table:
            floor = self._pence(table, "floor_pounds")
        if "ceiling_pounds" in table:
            ceiling = self._pence(table, "ceiling_pounds")
        made = tuple(
            Step(self._whole(one, "residents_from"), self._pence(one, "pounds")) for one in steps
        )
        kind = self._words(table, "share", "rule")
        rule = ShareRule(
            kind=kind, floor=floor, ceiling=ceiling, steps=made if kind == "steps" else ()
        )
        if made and kind != "steps":
            ShareRule(kind="steps", steps=made)  # refuses steps that mean nothing
        return self._pence(table, "pot_pounds"), rule, made

    def _whole(self, table: dict[str, Any], key: str) -> int:
        number = table.get(key)
        if type(number) is not int or not 0 <= number < 10**13:
            raise self.refuse(f"{key} is a whole number of zero or more, not {number!r}.")
        return number

    def _pence(self, table: dict[str, Any], key: str) -> int:
        return 100 * self._whole(table, key)

    def _table(self, name: str, default: dict[str, Any] | None = None) -> dict[str, Any]:
        table = self.given.get(name, default)
        if not isinstance(table, dict):
            raise self.refuse(f"[{name}] is missing.")
        self._known(name, table)
        return table

    def _known(self, name: str, table: dict[str, Any]) -> None:
        if odd := sorted(table.keys() - _KNOWN[name]):
            raise self.refuse(
                f"{name}: nobody knows what {odd[0]!r} means. "
                f"There are: {', '.join(sorted(_KNOWN[name]))}."
            )

    def _words(self, table: dict[str, Any], where: str, key: str) -> str:
        words = table.get(key)
        if type(words) is not str or not words.strip():
            raise self.refuse(f"{where}: {key} is words.")
        return words

    def _file(self, name: str) -> Path:
        return self._beside(self._words(self._table(name), name, "file"))

    def _beside(self, named: str) -> Path:
        return self.file.parent / named


def _sharers(selection: Selection, residents: Figure, need: Figure) -> list[Sharer]:
    codes = selection.codes
    there = selection.areas
    at = there.positions(as_codes(codes), "The selection")
    counted, needed = residents.on(there)[at], need.on(there)[at]
    return [
        Sharer(code, round(float(one)), float(other))
        for code, one, other in zip(codes, counted, needed, strict=True)
    ]


def _pence_of(shares: tuple[Share, ...]) -> tuple[int, ...]:
    return tuple(one.pence for one in shares)
