"""How a count is said in English: one template per reason code, as data, and how money is written.

The engine gives codes and parameters (reasons.py); the templates here are message ids that an
application may hand to gettext. Every %(name)s in a template is a parameter of the reason, or
one of the plain-language forms that `said` adds for it (money, plurals).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor

MOST_AT_ONCE = 10**4000  # what is written of a long number at a time
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}

Value = int | str | Fraction
Translate = Callable[[str], str]


def decimal(number: int | Fraction) -> str:
    """The exact decimal of a number, "12000" or "1200.5"; "p/q" where no decimal is exact."""
    number = Fraction(number)
    rest, places = number.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1:
        return ratio(number)
    written = digits(abs(number.numerator) * 10**places // number.denominator)
    written = written.rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    if not places:
        return sign + written
    return (sign + written[:-places] + "." + written[-places:]).rstrip("0").rstrip(".")


def ratio(number: int | Fraction) -> str:
    """A number as "p/q" in lowest terms, always with its q."""
    number = Fraction(number)
    return f"{digits(number.numerator)}/{digits(number.denominator)}"


def digits(number: int) -> str:
    """All digits of a whole number. Python writes none of over 4,300 digits, for they take long;
    after hundreds of rounds a price has as many, and here they come from a count alone."""
    if number < 0:
        return "-" + digits(-number)
    parts = []
    while number >= MOST_AT_ONCE:
        number, part = divmod(number, MOST_AT_ONCE)
        parts.append(f"{part:04000d}")
    return "".join([str(number), *reversed(parts)])


def fraction_of(text: str) -> Fraction:
    """What ratio or decimal wrote, however long."""
    above, _, below = text.partition("/")
    if len(above) < 4000 and len(below) < 4000:
        return Fraction(text)
    return Fraction(_whole(above), _whole(below or "1"))


def _whole(text: str) -> int:
    if text.startswith("-"):
        return -_whole(text[1:])
    number = 0
    for at in range(len(text) % 4000, len(text) + 1, 4000):
        number = number * MOST_AT_ONCE + int(text[max(at - 4000, 0) : at] or "0")
    return number


def money(amount: int | Fraction, currency: str) -> str:
    """An amount for people: "£12,000", "£12.50", "PLN 9,310". Rounded down to the hundredth.

    Rounding down never says that supporters had the cost of a project when they had not.
    """
    hundredths = floor(Fraction(amount) * 100)
    whole, part = divmod(hundredths, 100)
    text = f"{whole:,}" + (f".{part:02d}" if part else "")
    if currency in SYMBOLS:
        return SYMBOLS[currency] + text
    return f"{currency} {text}" if currency else text


def rounded_money(amount: int | Fraction, currency: str) -> str:
    """As money, in whole units once the hundredths no longer matter (1,000 and more)."""
    return money(floor(amount) if amount >= 1000 else amount, currency)


TEMPLATES: Mapping[str, str] = {
    "won_in_round": (
        "%(people)s supported it. It costs %(cost)s, and it won in round %(round)s: "
        "each supporter paid about %(price)s of their share, or all they had left."
    ),
    "won_in_round_by_points": (
        "%(people)s supported it. It costs %(cost)s, and it won in round %(round)s: "
        "each supporter paid about %(price)s of their share for each point, or all they had left."
    ),
    "won_free": "%(people)s supported it, and it costs nothing.",
    "won_all_fit": (
        "%(people)s supported it. Every idea that anyone supported fits in the pot, so all are "
        "funded."
    ),
    "won_with_what_was_left": (
        "%(people)s supported it. It costs %(cost)s, and it was next in line for the %(left)s "
        "still in the pot when the shares were spent."
    ),
    "won_by_rank": (
        "%(people)s supported it. It was number %(place)s in line, and its %(cost)s fitted "
        "in the %(left)s still in the pot."
    ),
    "won_by_load": (
        "%(people)s supported it. Its supporters were the next who could pay its %(cost)s, "
        "in round %(round)s."
    ),
    "supporters_lacked_money": (
        "%(people)s supported it. Together they had %(money_left)s of the pot left; "
        "it costs %(cost)s. What it would have needed: %(more_people)s."
    ),
    "won_without_vote": (
        "Every idea that could be done fits in the pot, so no vote was needed. It costs %(cost)s."
    ),
    "withdrawn": (
        "%(people)s supported it. It was taken off while people voted, so it could not be funded. "
        "It would have cost %(cost)s."
    ),
    "no_support": "Nobody supported it this time. It costs %(cost)s.",
    "ranked_last_only": (
        "%(people)s ranked it, each in last place, which is worth nothing under this rule. "
        "It costs %(cost)s. What it would have needed: a higher rank."
    ),
    "dearer_than_pot": (
        "%(people)s supported it. It costs %(cost)s, which is more than the whole pot "
        "of %(pot)s. What it would have needed: a lower cost."
    ),
    "below_threshold": (
        "%(people)s supported it. It got %(scored)s, and an idea needs at least %(threshold)s. "
        "What it would have needed: at least %(more)s."
    ),
    "did_not_fit": (
        "%(people)s supported it. When its turn came %(left)s was left in the pot; "
        "it costs %(cost)s. It got %(scored)s. What it would have needed: %(more)s."
    ),
    "count_had_stopped": (
        "%(people)s supported it. The count stopped at an idea higher in line that did not fit "
        "in the %(left)s left in the pot. It got %(scored)s. What it would have needed: %(more)s."
    ),
    "next_would_overspend": (
        "%(people)s supported it. The count stopped with %(left)s left in the pot, because the "
        "next idea in line would have cost more than that. This one costs %(cost)s."
    ),
}

# Not a reason: said of a whole count in which something was carried over from earlier rounds.
CARRIED: Mapping[str, str] = {
    "carried_over": (
        "%(people)s began with more than an equal share, because of earlier rounds: %(total)s of "
        "the pot together, at most %(largest)s each. The rest of the pot was shared equally: "
        "%(first)s for everybody who voted."
    ),
}

# What is counted: for one, and for any other number.
PLURALS: Mapping[str, tuple[str, str]] = {
    "people": ("1 person", "%(number)s people"),
    "more_people": ("1 more supporter", "%(number)s more supporters"),
    "votes": ("1 vote", "%(number)s votes"),
    "points": ("1 point", "%(number)s points"),
    "more_votes": ("1 more vote", "%(number)s more votes"),
    "more_points": ("1 more point", "%(number)s more points"),
}

_MONEY = ("cost", "price", "left", "money_left", "pot", "total", "largest", "first")


def _same(text: str) -> str:
    return text


def said(
    code: str, params: Mapping[str, Value], currency: str, translate: Translate = _same
) -> str:
    """A reason as a sentence or two. translate maps each English template to another language.

    Raises KeyError for a code that has no template.
    """
    forms: dict[str, str] = {}
    for key, value in params.items():
        if isinstance(value, str):
            forms[key] = value
        elif key in _MONEY:
            forms[key] = (rounded_money if key == "money_left" else money)(value, currency)
        else:
            forms[key] = f"{value:,}" if isinstance(value, int) else decimal(value)
    unit = forms.get("unit", "votes")
    for form, param, plural in (
        ("people", "supporters", "people"),
        ("more_people", "needed_supporters", "more_people"),
        ("scored", "score", unit),
        ("more", "needed_score", f"more_{unit}"),
    ):
        if param in forms:
            one, many = PLURALS[plural]
            forms[form] = (
                translate(one)
                if forms[param] == "1"
                else translate(many) % {"number": forms[param]}
            )
    return translate(TEMPLATES[code] if code in TEMPLATES else CARRIED[code]) % forms
