"""A report is one file that needs nothing else, says what the outcome says, and stays readable."""

import re
from collections.abc import Callable
from fractions import Fraction
from html import escape
from pathlib import Path

import html5lib
import pytest

from doorstep.engine.count import (
    Election,
    Outcome,
    Project,
    Rule,
    count,
    election_of,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.count.giving import givers
from doorstep.engine.count.page import HOW, WORDS, html_report
from doorstep.engine.count.page.words import COUNTED
from doorstep.engine.count.page.writing import name_of
from doorstep.site.catalogue import NoSuchLanguageError, translator
from tests.engine.count.certified import rules_of
from tests.engine.count.toys import toy

FETCHES = re.compile(
    r"https?:|//[a-z]|@import|url\(|<script|<iframe|<object|\bon[a-z]+=|src=", re.I
)


def parsed(html: str) -> html5lib.HTMLParser:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.root = parser.parse(html)
    return parser


def text_of(html: str) -> str:
    body = html.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def checked(election: Election, outcome: Outcome) -> str:
    """The report; whatever it reports, it is whole HTML, fetches nothing and says every name."""
    html = html_report(election, outcome)
    page = parsed(html)
    assert not page.errors, page.errors
    assert not FETCHES.search(html.replace("http-equiv", "")), FETCHES.search(html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<h1>") == 1
    assert "%(" not in html
    assert not re.search(r">\s*None\s*<", html)
    said = text_of(html)
    assert all(escape(name_of(one.name)) in said for one in outcome.verdicts)
    return html


def test_every_rule_on_small_elections() -> None:
    for seed in range(90_000, 90_040):
        election = read_pabulib(write_pabulib(toy(seed)))
        for rule in rules_of(election)[seed % 3 :: 3]:
            if not rule.integral_start:
                checked(election, count(election, rule))


def test_a_real_town(real: Callable[[str], Election]) -> None:
    election = real("Poland_Swiecie_2023.pb")
    outcome = count(election, Rule(completion="add1"))
    html = checked(election, outcome)
    said = text_of(html)
    for words in (
        "2,553 people voted on 22 ideas. Funded: 17 ideas, for PLN 1,040,337 of PLN 1,070,000.",
        "Everybody had a share of PLN 661.11.",
        "Shares were raised from PLN 419.11 in 242 steps",
        "272 people supported it.",
        "1 more supporter.",
        "doorstep verify-count certificate.json --ballots Poland_Swiecie_2023.pb",
        election.sha256,
    ):
        assert words in said
    assert said.index("1 more supporter.") < said.index("57 more supporters.")


def test_the_flow_of_money_loses_nothing() -> None:
    """Over all groups: everybody once, every share, and each cost to the last part."""
    flowed = 0
    for seed in range(91_000, 91_200):
        election = toy(seed)
        outcome = count(election, Rule(completion="none" if seed % 2 else "add1u"))
        groups = givers(election, outcome)
        if outcome.shares is None:
            assert not groups
            continue
        assert sum(one.people for one in groups) == election.voters
        assert sum(one.given for one in groups) == outcome.shares.given
        assert sum(one.kept for one in groups) == outcome.shares.kept
        for one in outcome.rounds:
            paid = sum((group.paid.get(one.project, Fraction()) for group in groups), Fraction())
            assert paid == (one.cost if one.price else 0)
            flowed += paid > 0
    assert flowed > 200


def test_groups_are_by_how_many_choices_were_funded() -> None:
    projects = [Project(one, one, Fraction(2)) for one in "abcde"]
    votes = [["a"], ["a", "b"], ["a", "b", "c", "d"], ["e"], []]
    election = election_of(name="x.pb", projects=projects, votes=votes, budget=8)
    outcome = count(election, Rule(utility="count", completion="utilitarian"))
    assert sorted(outcome.winners) == ["a", "b", "c", "d"]
    told = [(one.least, one.most, one.people) for one in givers(election, outcome)]
    assert told == [(0, 0, 2), (1, 1, 1), (2, 2, 1), (4, 5, 1)]


def test_nothing_funded_everything_funded_and_nobody_there() -> None:
    one, other = Project("a", "A bench", Fraction(5)), Project("b", "A tree", Fraction(3))

    def page(votes: list[list[str]], budget: int, rule: Rule | None = None) -> str:
        election = election_of(name="x.pb", projects=[one, other], votes=votes, budget=budget)
        return checked(election, count(election, rule))

    nothing = page([["a"]], 2)
    assert WORDS["nothing_funded"] in nothing
    assert "more than the whole pot" in nothing
    everything = page([["a", "b"], ["b"]], 20)
    assert WORDS["all_funded"] in everything
    assert "More" not in text_of(everything)
    nobody = page([], 20)
    assert "0 people voted" in nobody
    assert WORDS["with_something"] not in nobody
    greedy = page([["a"], ["b"]], 7, Rule(name="greedy"))
    assert WORDS["flow_pot_said"] in greedy
    assert "Left of the pot" in greedy


def test_names_from_a_file_stay_words() -> None:
    nasty = "<script>alert('x')</script> & \"so on\" ‮ \x1b[31m"
    election = election_of(
        name="<b>.pb",
        projects=[Project("a", nasty, Fraction(5)), Project("<i>", nasty * 9, Fraction(5))],
        votes=[["a"], ["<i>"], ["a"]],
        budget=6,
        meta={"description": nasty},
    )
    for rule in (Rule(), Rule(name="greedy"), Rule(completion="none")):
        html = html_report(election, count(election, rule))
        assert not parsed(html).errors
        assert "<script" not in html
        assert "<i>" not in html
        assert "\x1b" not in html


def test_a_big_city_is_folded() -> None:
    projects = [Project(f"p{n}", f"Idea {n}", Fraction(1 + n % 7)) for n in range(1_200)]
    votes = [[f"p{(n * 7 + k) % 1_200}" for k in range(5)] for n in range(400)]
    election = election_of(name="big.pb", projects=projects, votes=votes, budget=900)
    html = checked(election, count(election, Rule(completion="none")))
    assert html.count("<details") == 3
    assert html.count("<details class='whole'>") == 2  # on paper these stand alone
    assert "Show all" in html
    before_fold = html.partition("<details")[0]
    assert before_fold.count("<tr") < 20
    assert all(svg.count("<text") < 25 for svg in html.split('class="flow')[1:])


def test_the_pictures_say_what_the_tables_say(real: Callable[[str], Election]) -> None:
    """The bar of the pot: each stretch as wide as its idea's part of the pot, in order."""
    election = real("Poland_Swiecie_2023.pb")
    outcome = count(election, Rule(completion="add1"))
    html = html_report(election, outcome)
    pot = html.partition('<svg class="pot"')[2].partition("</svg>")[0]
    widths = [int(w) for w in re.findall(r'<rect class="tone-[12]" x="\d+" width="(\d+)"', pot)]
    assert len(widths) == len(outcome.rounds)
    for width, one in zip(widths, outcome.rounds, strict=True):
        assert abs(width + 1 - 880 * one.cost / outcome.budget) <= 1


def test_it_is_also_in_welsh(real: Callable[[str], Election]) -> None:
    election = real("Poland_Swiecie_2023.pb")
    outcome = count(election, Rule(completion="add1"))
    welsh = html_report(election, outcome, translator("cy"), language="cy")
    assert '<html lang="cy">' in welsh
    assert not parsed(welsh).errors
    assert "Beth a brynodd pob rownd" in welsh
    shown = text_of(welsh)
    translate = translator("cy")
    for english in [*WORDS.values(), *HOW.values(), *(f for two in COUNTED.values() for f in two)]:
        if english != translate(english):
            fixed = max(re.split(r"%\(\w+\)s", english), key=len).strip()
            assert len(fixed) < 8 or fixed not in shown, english


def test_a_language_that_we_do_not_speak_is_refused() -> None:
    with pytest.raises(NoSuchLanguageError, match="use en, cy"):
        translator("fr")


def test_the_style_is_of_the_palette_of_the_site() -> None:
    """Colours whose contrast the site has been checked for, and no other."""
    root = Path(__file__).parents[3] / "src" / "doorstep"
    ours = (root / "engine" / "count" / "page" / "report.css").read_text(encoding="utf-8")
    site = (root / "site" / "static" / "doorstep.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", ours)) <= set(re.findall(r"#[0-9a-f]{3,6}\b", site))
