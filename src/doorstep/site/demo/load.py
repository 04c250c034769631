"""Loads Millbrook through the product's own actions, once. There is no other path in."""

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.utils.text import slugify

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.fund.actions import (
    allocate,
    open_example_budget,
    open_fund,
    receive_dormant,
    receive_match,
)
from doorstep.apps.fund.models import AssetClass, Fund
from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.partnerships.actions import agree_host, form_partnership, join
from doorstep.apps.people.actions import enrol_totp, give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import MONEY_ROLES
from doorstep.apps.places.actions import add_street, open_place, record_need
from doorstep.apps.places.models import NeedFigure, Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import (
    add_projects,
    close_round,
    count_round,
    draft_round,
    freeze_round,
)
from doorstep.apps.rounds.models import VoteType
from doorstep.engine.count import Project, Rule, election_of, write_pabulib
from doorstep.site.demo.ballots import draw
from doorstep.site.demo.live import collect_ideas, open_a_vote
from doorstep.site.demo.spending import Hands, spend

HERE = Path(__file__).parent
ACTOR = Actor("system", "demo")
MADE_UP = "Made up for the Millbrook demo"


def plan() -> dict[str, Any]:
    """Millbrook as `millbrook.toml` describes it."""
    return tomllib.loads((HERE / "millbrook.toml").read_text())


def is_loaded() -> bool:
    """Whether Millbrook stands here already; a second start then loses nothing."""
    return Fund.objects.filter(slug=plan()["fund"]["slug"]).exists()


def load() -> list[str]:
    """Build the borough, its fund, its people and its rounds, and what goes on there now.

    Returns some codes for the vote that is open: they are in clear nowhere else.
    """
    told = plan()
    places = open_places(told)
    open_the_fund(told, places)
    form_partnerships(told, places)
    for round_plan in tomllib.loads((HERE / "rounds.toml").read_text())["rounds"]:
        run_round(round_plan, places[round_plan["place"]])
    people = open_accounts(told, places)
    season = tomllib.loads((HERE / "season.toml").read_text())
    spending = season["spending"]
    fund = Fund.objects.get(slug=told["fund"]["slug"])
    spend(spending, places[spending["place"]], fund, hands(people))
    worker = people["worker@millbrook.example"]
    collecting, voting = season["collecting"], season["voting"]
    collect_ideas(collecting, places[collecting["place"]], worker)
    return open_a_vote(
        voting, places[voting["place"]], worker, people["secretary@millbrook.example"]
    )


def hands(people: dict[str, Account]) -> Hands:
    return Hands(
        worker=Actor("worker", people["worker@millbrook.example"].pk),
        finance=Actor("finance_officer", people["finance@alderdale-cvs.example"].pk),
        secretary=Actor("partnership_member", people["secretary@millbrook.example"].pk),
        chair=Actor("partnership_member", people["chair@millbrook.example"].pk),
        funder=Actor("funder", people["programme@fund.example"].pk),
    )


def open_places(told: dict[str, Any]) -> dict[str, Place]:
    rows = [(row["name"], row["population"], row["need"]) for row in told["places"]]
    places = {}
    for name, population, need in rows + told["others"]["rows"]:
        place = open_place(
            slugify(name),
            name,
            told["council"],
            population=population,
            population_year=told["population_year"],
            population_source=MADE_UP,
            boundary_year=told["boundary_year"],
            actor=ACTOR,
        )
        record_need(
            place,
            NeedFigure.Measure.COMMUNITY_NEED.value,
            round(need * 100),
            year=told["population_year"],
            boundary_year=told["boundary_year"],
            source=MADE_UP,
            licence="CC0 1.0",
            actor=ACTOR,
        )
        places[place.slug] = place
    for slug, streets in told["streets"].items():
        for name, postcode in streets:
            add_street(name, postcode, place=places.get(slug), actor=ACTOR)
    return places


def open_the_fund(told: dict[str, Any], places: dict[str, Place]) -> None:
    fund = open_fund(told["fund"]["slug"], told["fund"]["name"], actor=ACTOR)
    for number, arrival in enumerate(told["arrivals"]):
        details: dict[str, Any] = {
            "giver": arrival["giver"],
            "on": arrival["on"],
            "idem_key": f"demo:arrival:{number}",
            "actor": ACTOR,
        }
        pence = arrival["pounds"] * 100
        if "asset_class" in arrival:
            receive_dormant(fund, AssetClass(arrival["asset_class"]), pence, **details)
        else:
            receive_match(fund, pence, **details)
    for share in told["allocations"]:
        allocate(
            fund,
            places[share["place"]],
            share["pounds"] * 100,
            begins_on=share["begins_on"],
            ends_on=share["ends_on"],
            on=share["begins_on"],
            idem_key=f"demo:allocation:{share['place']}",
            actor=ACTOR,
        )
    example = told["example_budget"]
    open_example_budget(
        places[example["place"]],
        example["pounds"] * 100,
        on=told["fund"]["opened_on"],
        idem_key="demo:example",
        actor=ACTOR,
    )


def form_partnerships(told: dict[str, Any], places: dict[str, Place]) -> None:
    """Each place's group, with members who have accounts that nobody can sign in to."""
    since = told["fund"]["opened_on"]
    hosts = [
        (open_organisation(row["slug"], row["name"], row["kind"], actor=ACTOR), row["hosts"])
        for row in told["organisations"]
    ]
    for slug, (residents, others) in told["partnerships"].items():
        group = form_partnership(places[slug], f"{places[slug].name} partnership", actor=ACTOR)
        for number in range(residents + others):
            member = open_account(f"member{number}.{slug}@millbrook.invalid", actor=ACTOR)
            join(group, member, lives_here=number < residents, since=since, actor=ACTOR)
        for organisation, hosted in hosts:
            if slug in hosted:
                agree_host(group, organisation, since=since, actor=ACTOR)


def run_round(told: dict[str, Any], place: Place) -> None:
    """Draft, freeze and close a round; count and settle it unless that is left to the visitor."""
    round_ = draft_round(
        told["slug"],
        place,
        title=told["title"],
        budget_pence=told["pounds"] * 100,
        vote_type=VoteType(told["vote_type"]),
        rule=Rule(utility=told.get("utility", "cost"), seed=told["slug"]),
    )
    add_projects(round_, ((code, name, pounds * 100) for code, name, pounds, _ in told["ideas"]))
    round_ = freeze_round(round_, on=told["frozen_on"], actor=ACTOR)
    votes = list(draw(told))
    election = election_of(
        name=told["slug"],
        projects=[Project(code, name, Fraction(pounds)) for code, name, pounds, _ in told["ideas"]],
        votes=votes if told["vote_type"] == "cumulative" else [list(vote) for vote in votes],
        budget=told["pounds"],
        vote_type=told["vote_type"],
    )
    round_ = close_round(round_, write_pabulib(election), actor=ACTOR)
    if told["counted"]:
        settle_round(count_round(round_, actor=ACTOR), on=told["settled_on"], actor=ACTOR)


def open_accounts(told: dict[str, Any], places: dict[str, Place]) -> dict[str, Account]:
    """The sign-ins that the demo prints. Roles that move money get their second factor."""
    since: date = told["fund"]["opened_on"]
    accounts = {}
    for person in told["people"]:
        account = accounts[person["email"]] = open_account(person["email"], actor=ACTOR)
        place = places.get(person.get("place", ""))
        give_role(account, person["role"], place=place, since=since, actor=ACTOR)
        if person["role"] in MONEY_ROLES:
            enrol_totp(account, generate_totp_secret(), actor=ACTOR)
    return accounts
