"""A small Millbrook for tests: one place with money, and rounds with a handful of ballots."""

from datetime import date
from fractions import Fraction

from doorstep.apps.fund.actions import (
    allocate,
    open_example_budget,
    open_fund,
    receive_dormant,
    receive_match,
)
from doorstep.apps.fund.models import AssetClass
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import add_projects, close_round, draft_round, freeze_round
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.engine.count import Project, Rule, election_of, write_pabulib

ACTOR = Actor("system", "test")
DAY = date(2026, 6, 1)
IDEAS = (
    ("kitchen", "A new kitchen", 180_000),
    ("bench", "A bench", 50_000),
    ("bus", "A bus", 900_000),
)
VOTES = [["kitchen"]] * 6 + [["kitchen", "bench"]] * 3 + [["bus"]] * 3


def place_with_money(pence: int = 1_000_000, slug: str = "millbrook-east", match: int = 0) -> Place:
    """A place that was given `pence` of live money and has no example budget.

    Three times as much forgotten money arrived, and `match` beside it.
    """
    place = open_place(
        slug, "Millbrook East", "Alderdale", population=7240, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    fund = open_fund(f"fund-of-{slug}", "A fund", actor=ACTOR)
    booking = {"on": DAY, "actor": ACTOR}
    receive_dormant(
        fund, AssetClass.BANK, pence * 3, giver="A bank", idem_key=f"in {slug}", **booking
    )
    if match:
        receive_match(fund, match, giver="A trust", idem_key=f"match {slug}", **booking)
    term = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}
    allocate(fund, place, pence, idem_key=f"share {slug}", **term, **booking)
    return place


def give_example_budget(place: Place, pence: int) -> None:
    open_example_budget(place, pence, on=DAY, idem_key=f"example {place.slug}", actor=ACTOR)


def drafted(place: Place, slug: str = "round-one", budget: int = 300_000, **more: object) -> Round:
    """A round with three ideas, not frozen yet."""
    settings = {"vote_type": VoteType.APPROVAL, "rule": Rule(seed=slug), "title": "What first?"}
    round_ = draft_round(slug, place, budget_pence=budget, **settings | more)
    add_projects(round_, IDEAS)
    return round_


def ballots(votes: list[list[str]] = VOTES, budget: int = 300_000, **costs: int) -> bytes:
    """A Pabulib file about those ideas; `costs` in pence replace the frozen ones."""
    projects = [
        Project(code, name, Fraction(costs.get(code, pence), 100)) for code, name, pence in IDEAS
    ]
    election = election_of(
        name="round", projects=projects, votes=votes, budget=Fraction(budget, 100)
    )
    return write_pabulib(election)


def frozen(place: Place, slug: str = "round-one", **more: object) -> Round:
    return freeze_round(drafted(place, slug, **more), on=DAY, actor=ACTOR)


def closed(place: Place, slug: str = "round-one", **more: object) -> Round:
    return close_round(frozen(place, slug, **more), ballots(), actor=ACTOR)
