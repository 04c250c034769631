"""The figures of an analysis said in English: codes with parameters, one template for each.

As with reasons (words.py), the templates are message ids that an application may translate; the
engine gives codes and exact parameters. In a template %(name)s is a parameter, written for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .words import PLURALS, Translate, Value, decimal, money

TEMPLATES: Mapping[str, str] = {
    "cheaper": "It would have been funded had it cost %(cheaper_by)s less.",
    "spent_elsewhere": "Its supporters put %(spent)s of their shares into ideas that won: "
    "%(list)s.",
    "earned": "When the count ended its supporters had %(money_left)s together; "
    "%(needed_supporters)s would have been enough.",
    "earned_elsewhere": "Its supporters put %(spent)s of what they earned into ideas that won: "
    "%(list)s.",
    "spent_nowhere": "Its supporters helped to pay for no idea that won.",
    "shares_lost": "%(lost_with)s could have lost it by leaving it out; no fewer could.",
    "shares_lost_between": "%(lost_with)s could have lost it by leaving it out; fewer than "
    "%(safe_below)s could not.",
    "rank_lost": "With %(lost_with)s fewer it would have come too late in line; with no fewer.",
    "rank_lost_between": "With %(lost_with)s fewer it would have come too late in line; with less "
    "than %(safe_below)s gone it would not.",
    "pots_every": "With any pot from %(low)s to %(high)s in whole units the same ideas are funded.",
    "pots_every_up": "With any pot of %(low)s or more the same ideas are funded.",
    "pots_some": "With every pot that was counted from %(low)s to %(high)s the same ideas are "
    "funded; pots between those were not counted.",
    "pots_some_up": "With every pot that was counted from %(low)s up the same ideas are funded, "
    "and with any that pays for all ideas; pots between those were not counted.",
    "nobody_left_out": "No group large enough to pay for an idea that all of them supported, on "
    "top of what any of them got, was left out.",
    "nobody_left_out_by_number": "No group was left out that could have paid, out of its part of "
    "the pot, the price of an idea that all of them supported once for that idea and once more for "
    "each funded choice of any of them.",
    "left_out": "%(people)s supported “%(project)s”. Their part of the pot is %(part)s, which pays "
    "for it on top of the funded choices of any of them (at most %(most)s): together %(needed)s.",
    "left_out_by_number": "%(people)s supported “%(project)s”. Their part of the pot is %(part)s; "
    "%(needed)s would pay its price once for it and once for each funded choice of any of them "
    "(at most %(most)s).",
    "nobody_left_out_unequal": "No group was left out that could have paid for an idea all of them "
    "supported, on top of what any one of them got, even if all had begun with as little as that "
    "one.",
    "nobody_left_out_by_number_unequal": "No group was left out that could have paid the price of "
    "an idea all of them supported, once for it and once more for each funded choice of any one "
    "of them, even if all had begun with as little as that one.",
    "left_out_unequal": "%(people)s supported “%(project)s”. Had all begun with as little as one "
    "of them, they would have had %(part)s together, which pays for it on top of that one’s funded "
    "choices (%(most)s): together %(needed)s.",
    "left_out_by_number_unequal": "%(people)s supported “%(project)s”. Had all begun with as "
    "little as one of them, they would have had %(part)s together; %(needed)s would pay its price "
    "once for it and once for each funded choice of that one (%(most)s).",
    "not_drawn": "Recounts of drawn ballots would say nothing here: what was brought over belongs "
    "to those who voted, and a drawn crowd would bring more or less.",
    "with_something": "Of the %(voters)s who voted, %(with_something)s have something funded that "
    "they supported (%(percent)s in every hundred).",
    "mean_got": "On average %(mean_number)s of a voter’s choices are funded, worth %(mean_value)s "
    "together.",
    "worst_off": "For the tenth of voters who got least it is %(worst_off_number)s, worth "
    "%(worst_off_value)s.",
    "unspent": "%(unspent)s of the pot is left.",
    "steady": "%(share)s in every hundred recounts of ballots drawn again had exactly these "
    "winners.",
}

_MONEY = (
    "cheaper_by", "spent", "low", "high", "part", "needed", "mean_value", "worst_off_value",
    "unspent", "money_left",
)  # fmt: skip
_PEOPLE = ("people", "lost_with", "safe_below", "voters", "needed_supporters")
# Shortened to so many places where a decimal would not end.
PLACES = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: a code of TEMPLATES and its exact parameters. unit: what people are, for the
    plural of lost_with and safe_below (people, votes or points)."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)
    listed: Sequence[tuple[str, Fraction]] = ()
    unit: str = "people"


def fact_in_words(fact: Fact, currency: str, translate: Translate = str) -> str:
    """A fact as a sentence. Raises KeyError for a code that has no template."""
    forms = {
        key: _form(fact, key, value, currency, translate) for key, value in fact.params.items()
    }
    if fact.listed:
        forms["list"] = ", ".join(
            f"{name} {money(amount, currency)}" for name, amount in fact.listed
        )
    return translate(TEMPLATES[fact.code]) % forms


def _form(fact: Fact, key: str, value: Value, currency: str, translate: Translate) -> str:
    if isinstance(value, str):
        return value
    if key in _MONEY or (
        key == "most" and fact.code.startswith("left_out") and "number" not in fact.code
    ):
        return money(value, currency)
    if key in _PEOPLE:
        units = {
            "lost_with": fact.unit,
            "safe_below": fact.unit,
            "needed_supporters": "more_people",
        }
        one, many = PLURALS[units.get(key, "people")]
        number = f"{value:,}" if isinstance(value, int) else decimal(value)
        return translate(one) if value == 1 else translate(many) % {"number": number}
    return f"{value:,}" if isinstance(value, int) else shortened(value)


def shortened(number: Fraction) -> str:
    """A number for people, rounded down to two places."""
    hundredths = int(number * 10**PLACES)
    return decimal(Fraction(hundredths, 10**PLACES))
