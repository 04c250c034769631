"""Every reason has words, money is written as people write it, and all of it can be translated."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from doorstep.engine.count import (
    TEMPLATES,
    Election,
    Outcome,
    Project,
    Rule,
    count,
    election_of,
    money,
    said,
    text_report,
)
from doorstep.engine.count.words import PLURALS, decimal, digits, fraction_of, ratio
from doorstep.engine.seal.recount.certificate import _ratio as ratio_for_a_stranger
from tests.engine.count.toys import toy

RULES = [
    Rule(), Rule(completion="none"), Rule(completion="utilitarian"), Rule(name="greedy"),
    Rule(name="greedy-no-skip"), Rule(name="greedy-threshold", threshold=2), Rule(utility="count"),
]  # fmt: skip


def outcomes() -> list[Outcome]:
    made = [count(toy(seed), rule) for seed in range(150) for rule in RULES]
    made += [count(toy(n, "approval"), Rule(name="phragmen")) for n in range(100)]
    made += [count(toy(n, "scoring"), Rule(utility="score")) for n in range(100)]
    made += [count(toy(n, "ordinal"), Rule(utility="borda")) for n in range(100)]
    made += [count(without_its_first(toy(n, "approval")), Rule()) for n in range(20)]
    return made


def without_its_first(election: Election) -> Election:
    """The election after its first project was taken off while people voted."""
    first, *others = election.projects
    return replace(election, projects=(replace(first, extra={"withdrawn": "yes"}), *others))


def test_every_code_has_a_template_and_every_template_is_used() -> None:
    used = {verdict.reason.code for outcome in outcomes() for verdict in outcome.verdicts}
    # A round in which everything fits holds no vote, so it gives this reason without a count.
    assert used | {"won_without_vote"} == set(TEMPLATES)


def test_no_sentence_has_a_gap() -> None:
    for outcome in outcomes():
        for verdict in outcome.verdicts:
            text = verdict.reason.text
            assert text.endswith(".")
            assert not re.search(r"%|None|Fraction|\bnan\b|  ", text), text


def test_a_translation_gets_every_template() -> None:
    asked: list[str] = []

    def marked(message: str) -> str:
        asked.append(message)
        return f"<{message}>"

    params = {
        "supporters": 3,
        "cost": Fraction(9),
        "money_left": Fraction(8),
        "needed_supporters": 1,
    }
    assert said("supporters_lacked_money", params, "GBP", marked) == (
        "<<3 people> supported it. Together they had £8 of the pot left; it costs £9. "
        "What it would have needed: <1 more supporter>.>"
    )
    assert asked == [
        PLURALS["people"][1], PLURALS["more_people"][0], TEMPLATES["supporters_lacked_money"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (12_000, "GBP", "£12,000"), (Fraction(25, 2), "GBP", "£12.50"), (9_310, "PLN", "PLN 9,310"),
        (Fraction(2, 3), "EUR", "€0.66"), (7, "", "7"), (Fraction(999_999, 1000), "", "999.99"),
    ],
)  # fmt: skip
def test_money(amount: int | Fraction, currency: str, written: str) -> None:
    assert money(amount, currency) == written


def test_decimals_are_exact() -> None:
    for number, written in (
        (Fraction(1, 8), "0.125"), (Fraction(-5, 2), "-2.5"), (1000, "1000"),
        (Fraction(1, 3), "1/3"), (Fraction(100, 4), "25"), (0, "0"), (Fraction(3, 400), "0.0075"),
    ):  # fmt: skip
        assert decimal(number) == written
        assert Fraction(written) == number
        assert Fraction(ratio(number)) == number


def test_the_report_fits_a_terminal_and_tells_the_four_things() -> None:
    for outcome in outcomes()[::7]:
        report = text_report(outcome)
        assert max(map(len, report.splitlines())) <= 90
        assert f"FUNDED: {len(outcome.winners)} of {len(outcome.verdicts)} projects" in report
        assert ("HOW SUPPORT WAS SPENT" in report) == (outcome.shares is not None)
        assert ("TIES THAT MATTERED" in report) == bool(outcome.ties)
        for verdict in outcome.nearest()[:5]:
            assert " ".join(verdict.reason.text.split()) in " ".join(report.split())


def test_a_name_cannot_move_the_cursor() -> None:
    election = election_of(
        name="evil\x1b.pb", votes=[["a"]], budget=9,
        projects=[Project("a", "A\x1b[2J\nswing\u202e", Fraction(3))],
    )  # fmt: skip
    report = text_report(count(election))
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert "swing" in report


def test_numbers_of_any_length_are_written_and_read() -> None:
    long = 3**20_000
    for number in (0, 7, 10**4000, 10**4000 - 1, 10**8000 + 5, long):
        for one in (Fraction(number), Fraction(-number), Fraction(number, 7), Fraction(5, long)):
            written = ratio(one)
            assert fraction_of(written) == one
            assert fraction_of(decimal(one)) == one or "." in decimal(one)
    assert decimal(Fraction(10**5000 + 1, 2)) == "5" + "0" * 4999 + ".5"
    assert ratio_for_a_stranger(Fraction(-long, 7)) == ratio(Fraction(-long, 7))
    assert (digits(long)[:4], digits(long)[-5:], len(digits(long))) == ("2661", "00001", 9_543)
