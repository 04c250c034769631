"""Loads Millbrook through the product's own actions, once. There is no other path in."""

import tomllib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.utils import timezone
from django.utils.text import slugify

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.fund.actions import (
    decide_shares,
    decided_places,
    draw_down,
    keep_scenario,
    open_example_budget,
    open_fund,
    pay_costs,
    pay_reclaim,
    promise_wave,
    propose_shares,
    receive_dormant,
    receive_match,
    release,
    review_reserve,
    set_aside,
)
from doorstep.apps.fund.models import AssetClass, Decision, Fund, WaveShare
from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import agree_host, form_partnership, join
from doorstep.apps.people.actions import enrol_totp, give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import MONEY_ROLES
from doorstep.apps.places.actions import (
    add_street,
    join_area,
    keep_directory,
    keep_outlines,
    keep_study,
    open_place,
)
from doorstep.apps.places.models import Place
from doorstep.apps.promises.actions import Due, promise_aloud
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
from doorstep.engine.forecast.command import text_of
from doorstep.engine.need import Source, read_boundaries, read_postcodes
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from doorstep.engine.rulebook import working_days_after
from doorstep.site.demo.ballots import draw
from doorstep.site.demo.learning import learn
from doorstep.site.demo.live import collect_ideas, open_a_vote
from doorstep.site.demo.meetings import meet
from doorstep.site.demo.papers import hand_in_papers
from doorstep.site.demo.planning import agree_a_plan, agree_with_council, get_started
from doorstep.site.demo.spending import Hands, spend
from doorstep.site.operations import import_need

HERE = Path(__file__).parent
STUDY = shipped_or(Path("millbrook"))
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
    people = open_accounts(told, places)
    form_partnerships(told, places, people)
    for round_plan in tomllib.loads((HERE / "rounds.toml").read_text())["rounds"]:
        run_round(round_plan, places[round_plan["place"]])
    season = tomllib.loads((HERE / "season.toml").read_text())
    fix_questions(on=timezone.localdate(), actor=hands(people).funder)
    spending = season["spending"]
    fund = Fund.objects.get(slug=told["fund"]["slug"])
    spend(spending, places[spending["place"]], fund, hands(people))
    hand_in_papers(season["papers"], places[season["papers"]["place"]])
    worker = people["worker@millbrook.example"]
    for told_aloud in season["promises"]:
        promise(told_aloud, places[told_aloud["place"]])
    meet(season["meeting"], places[season["meeting"]["place"]])
    agree_a_plan(season["plan"], places[season["plan"]["place"]], hands(people))
    get_started(season["starting"], places[season["starting"]["place"]], hands(people))
    officer = people[season["council"]["officer"]]
    agree_with_council(
        season["council"], places[season["council"]["place"]], officer, hands(people)
    )
    for learned in season["learned"]:
        learn(learned, places[learned["place"]], ACTOR)
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


def promise(told: dict[str, Any], place: Place) -> None:
    today = timezone.localdate()
    promise_aloud(
        told["what"],
        due=Due.by(working_days_after(today, told["working_days"])),
        place=place,
        role=told.get("role", ""),
        organisation=Organisation.objects.filter(slug=told.get("organisation")).first(),
        on=today,
        actor=ACTOR,
    )


def open_places(told: dict[str, Any]) -> dict[str, Place]:
    """Every neighbourhood of the study, with its files, outlines, postcodes and streets."""
    study = run_study(STUDY)
    keep_study(study, actor=ACTOR)
    areas = study.programme.areas
    outlines = read_boundaries(STUDY.parent / "boundaries_made_up.geojson", areas)
    keep_outlines(outlines, source=made_up(outlines.source), actor=ACTOR)
    small = study.small.residents.areas.geography
    directory = read_postcodes(STUDY.parent / "postcodes_made_up.csv", small, year=2026)
    keep_directory(directory, source=made_up(directory.source), actor=ACTOR)
    places = {}
    for code in map(str, study.residents.areas.codes):
        name = study.name_of(code)
        place = open_place(
            slugify(name),
            name,
            told["council"],
            population=round(study.residents.at(code)),
            population_year=study.residents.source.year,
            population_source=MADE_UP,
            boundary_year=areas.year,
            actor=ACTOR,
        )
        import_need(STUDY, place.slug, code)
        join_area(place, areas, code, actor=ACTOR)
        places[place.slug] = place
    for slug, streets in told["streets"].items():
        for name, postcode in streets:
            add_street(name, postcode, place=places.get(slug), actor=ACTOR)
    return places


def made_up(source: Source) -> Source:
    return replace(
        source,
        title=f"Made up, in the layout of: {source.title}",
        publisher="No figure in it is real",
        licence="Free to copy",
    )


def open_the_fund(told: dict[str, Any], places: dict[str, Place]) -> None:
    fund = open_fund(told["fund"]["slug"], told["fund"]["name"], splits=True, actor=ACTOR)
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
    decision = told["decision"]
    study = replace(run_study(STUDY), on=decision["decided_on"])
    proposal = propose_shares(fund, decision["slug"], study, actor=ACTOR)
    decide_shares(
        proposal,
        decision["rule"],
        decision["reason"],
        on=decision["decided_on"],
        actor=ACTOR,
    )
    programme = told["programme"]
    long_term = set_aside(
        fund,
        programme["slug"],
        programme["name"],
        programme["pounds"] * 100,
        on=programme["on"],
        idem_key="demo:programme",
        actor=ACTOR,
    )
    for wave in told["waves"]:
        chosen = Decision.objects.get(proposal__fund=fund, proposal__slug=wave["decision"])
        promise_wave(
            long_term,
            wave["slug"],
            decided_places(chosen),
            begins_on=wave["begins_on"],
            ends_on=wave["ends_on"],
            years=wave["years"],
            decision=chosen,
            on=wave["begins_on"],
            actor=ACTOR,
        )
    for number, row in enumerate(told["draw_downs"]):
        share = WaveShare.objects.get(allocation__place=places[row["place"]])
        draw_down(
            share,
            row["pounds"] * 100,
            on=row["on"],
            idem_key=f"demo:draw:{number}",
            actor=ACTOR,
        )
    keep_the_reserve(told, fund)
    keep_scenario(fund, text_of(Path("millbrook")), actor=ACTOR)
    example = told["example_budget"]
    open_example_budget(
        places[example["place"]],
        example["pounds"] * 100,
        on=told["fund"]["opened_on"],
        idem_key="demo:example",
        actor=ACTOR,
    )


def keep_the_reserve(told: dict[str, Any], fund: Fund) -> None:
    """Owners come forward, a reserve is reviewed and released, and the fund's office is paid."""
    for number, row in enumerate(told["reclaims"]):
        pay_reclaim(
            fund,
            AssetClass(row["asset_class"]),
            row["pounds"] * 100,
            on=row["on"],
            idem_key=f"demo:reclaim:{number}",
            actor=ACTOR,
        )
    for number, row in enumerate(told["costs"]):
        pay_costs(
            fund,
            row["pounds"] * 100,
            payee=row["payee"],
            on=row["on"],
            idem_key=f"demo:costs:{number}",
            actor=ACTOR,
        )
    for number, row in enumerate(told["reviews"]):
        kind = AssetClass(row["asset_class"])
        review_reserve(
            fund,
            kind,
            row["expected_pounds"] * 100,
            reason=row["reason"],
            on=row["on"],
            actor=ACTOR,
        )
        release(
            fund,
            kind,
            row["release_pounds"] * 100,
            on=row["on"],
            idem_key=f"demo:release:{number}",
            actor=ACTOR,
        )


def form_partnerships(
    told: dict[str, Any], places: dict[str, Place], people: dict[str, Account]
) -> None:
    """Each place's group: whoever can sign in as a member of it, and then members who have accounts
    that nobody can sign in to."""
    since = told["fund"]["opened_on"]
    hosts = [
        (open_organisation(row["slug"], row["name"], row["kind"], actor=ACTOR), row["hosts"])
        for row in told["organisations"]
    ]
    for slug, (residents, others) in told["partnerships"].items():
        group = form_partnership(places[slug], f"{places[slug].name} partnership", actor=ACTOR)
        members = [
            people[person["email"]] for person in told["people"]
            if person["role"] == "partnership_member" and person["place"] == slug
        ]  # fmt: skip
        members += [
            open_account(f"member{number}.{slug}@millbrook.invalid", actor=ACTOR)
            for number in range(len(members), residents + others)
        ]
        for number, member in enumerate(members):
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
