"""Figures of places, awards and rounds, from leaves and published results."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from doorstep.apps.ledger.queries import PlaceMoney, figures_of
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.plain import is_whole
from doorstep.engine.seal.alone.shown import read_object, winners_of
from doorstep.engine.seal.recount import WrongError

from .reading import Bundle
from .shapes import Says

ASKED, COUNTED = ("frozen.jsonl", "ballots.pb", "totals.json"), ("result.json", "certificate.json")


@dataclass(frozen=True)
class Award:
    """What was promised to whom, in pence, and how much of it the bank has paid."""

    slug: str
    name: str
    place: str
    pence: int
    paid: int


@dataclass(frozen=True)
class Idea:
    name: str
    pence: int
    votes: int | None
    won: bool


@dataclass(frozen=True)
class Vote:
    """A round as it was published: its ideas, most votes first, and the files that show it."""

    slug: str
    name: str
    place: str
    pence: int
    ideas: list[Idea]
    files: list[str]

    @property
    def is_counted(self) -> bool:
        return "result.json" in self.files


@dataclass(frozen=True)
class Place:
    slug: str
    name: str
    population: int
    council: str
    money: PlaceMoney | None
    votes: list[Vote]
    awards: list[Award]


@dataclass(frozen=True)
class Line:
    """A leaf as the record tells it."""

    number: int
    at: datetime
    sentence: str


def money_by_place(bundle: Bundle) -> dict[str, PlaceMoney]:
    """{place: its figures}, as the ledger's own page works them out of balances."""
    sums: dict[str, Counter[str]] = {}
    for code, purse in bundle.books.purses.items():
        parts = code.split(":")
        if parts[0] == "place" and len(parts) > 2:
            sums.setdefault(parts[1], Counter())[parts[2]] += purse.held
        elif len(parts) == 5 and parts[2] == "paid" and parts[1] != "example":
            sums.setdefault(parts[3], Counter())["paid"] += purse.held
    return {slug: figures_of(steps) for slug, steps in sums.items()}


def awards(bundle: Bundle) -> list[Award]:
    """In the order in which they were made."""
    paid: Counter[str] = Counter()
    for code, purse in bundle.books.purses.items():
        parts = code.split(":")
        if len(parts) == 5 and parts[0] == "world" and parts[2] == "paid":
            paid[parts[4]] += purse.held
    return [
        Award(
            says["award"], bundle.text(says.get("title")), says["place"], says["pence"],
            paid[says["award"]],
        )
        for says in bundle.of_kind("award.made")
    ]  # fmt: skip


def votes(bundle: Bundle) -> list[Vote]:
    """Every round that was frozen, the newest first."""
    counted = {says["round"] for says in bundle.of_kind("round.counted", "round.decided")}
    found = [_vote(bundle, says, counted) for says in bundle.of_kind("round.frozen")]
    return found[::-1]


def _vote(bundle: Bundle, says: Says, counted: set[str]) -> Vote:
    slug = says["round"]
    where = f"rounds/{slug}"
    # A result that no leaf names was signed by nobody.
    names = ASKED + COUNTED if slug in counted else ASKED
    files = [name for name in names if bundle.file(f"{where}/{name}") is not None]
    asked, *ideas = _lines(bundle.file(f"{where}/frozen.jsonl") or b"{}")
    winners, told = _result(bundle, slug) if slug in counted else (set[str](), dict[str, int]())
    listed = [
        Idea(
            bundle.text(one.get("name")), one["cost_pence"], told.get(one["id"]),
            one["id"] in winners,
        )
        for one in ideas
    ]  # fmt: skip
    listed.sort(key=lambda idea: (not idea.won, -(idea.votes or 0)))
    name = bundle.called("round", slug)
    return Vote(slug, name, says["place"], asked["budget_pence"], listed, files)


def _result(bundle: Bundle, slug: str) -> tuple[set[str], dict[str, int]]:
    """The ideas that are funded, and {idea: votes}. Raises Refused where the file, which the record
    names, does not hold what a result holds."""
    try:
        outcome = read_object(bundle.file(f"rounds/{slug}/result.json") or b"", "result.json")
        winners, projects = winners_of(outcome, "decided"), outcome.get("projects", [])
        told = {one["id"]: one["votes"] for one in projects}
        is_read = all(isinstance(one, str) and is_whole(many) for one, many in told.items())
    except (WrongError, KeyError, TypeError):
        is_read = False
    if not is_read:
        raise Refused(
            f"The result of the round {slug} does not say which ideas are funded, and how many "
            "votes each had. Nothing was written.",
            code="bundle-result",
        )
    return set(winners), told


def _lines(data: bytes) -> Iterator[Any]:
    return (json.loads(line) for line in data.split(b"\n"))


def places(bundle: Bundle) -> list[Place]:
    """Every place that was opened, by name."""
    money, all_votes, all_awards = money_by_place(bundle), votes(bundle), awards(bundle)
    found = [
        Place(
            slug=says["place"],
            name=bundle.called("place", says["place"]),
            population=says["population"],
            council=bundle.text(says["council"]),
            money=money.get(says["place"]),
            votes=[one for one in all_votes if one.place == says["place"]],
            awards=[one for one in all_awards if one.place == says["place"]],
        )
        for says in bundle.of_kind("place.opened")
    ]
    return sorted(found, key=lambda place: place.name)


def lines(bundle: Bundle, start: int, end: int) -> list[Line]:
    """Leaves start to end as the record tells them, in the language of now."""
    found = []
    for number, says in enumerate(bundle.leaves[start:end], start=start):
        named = {
            key: bundle.called(key, value) if isinstance(value, str) else value
            for key, value in says.items()
        }
        at = datetime.fromisoformat(says["time"])
        found.append(Line(number, at, sentence(says["kind"], named, bundle.text)))
    return found


def last_day(bundle: Bundle) -> date:
    return datetime.fromisoformat(bundle.leaves[-1]["time"]).date()
