"""How a place's answer is said in English: a template for each code, which an application may
hand to gettext. Every %(name)s is a parameter of the reason; sums in pence come as pounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .selection import Reason
from .shares import pounds

Translate = Callable[[str], str]

TEMPLATES: Mapping[str, str] = {
    "first_in_line": "It meets every rule: number %(position)s of the %(of)s places that do.",
    "below_the_line": (
        "It is %(places_below)s below the line on %(index)s: number %(rank)s of %(of)s, and the "
        "line is drawn after number %(line)s."
    ),
    "too_few_people": "%(people)s people live there, and a place needs at least %(least)s.",
    "too_many_people": "%(people)s people live there, and a place may have at most %(most)s.",
    "not_under_the_most": "%(people)s people live there, and a place must have under %(most)s.",
    "served_elsewhere": "Another programme serves it already.",
    "council_full": (
        "It meets the rules, and is number %(here)s in its council (%(council)s), of which at "
        "most %(most)s can be chosen."
    ),
    "list_full": (
        "It meets the rules, and is number %(position)s in line; there is room for %(most)s."
    ),
    "share_equal": "%(pence)s: %(shared)s shared equally among %(sharing)s places.",
    "share_per_head": (
        "%(pence)s: %(residents)s of the %(all_residents)s people who share %(shared)s live there."
    ),
    "share_need_weighted": (
        "%(pence)s: %(percent)s percent of %(shared)s, for %(residents)s people with a need of "
        "%(need)s each."
    ),
    "share_steps": (
        "%(pence)s: the step from %(residents_from)s people is %(step)s; all the steps come to "
        "%(steps_together)s, and %(pot)s is shared in that proportion."
    ),
    "share_at_floor": (
        "%(pence)s: the least that any place gets. By its weight alone it would be %(without)s."
    ),
    "share_at_ceiling": (
        "%(pence)s: the most that any place gets. By its weight alone it would be %(without)s."
    ),
}
# What is counted: for one, and for any other number.
PLACES = ("1 place", "%(number)s places")
HELD = (
    "1 place is held at the least or the most it may get, so %(shared)s of %(pot)s was shared.",
    "%(held)s places are held at the least or the most they may get, so %(shared)s of %(pot)s was "
    "shared.",
)
EXTRA_PENNY = "One penny of this is from what could not be divided."

_MONEY = ("pence", "pot", "shared", "without", "step", "steps_together")


def _same(text: str) -> str:
    return text


def said(reason: Reason, translate: Translate = _same) -> str:
    """A reason as a sentence. translate maps each English template to another language."""
    forms = {
        key: value if isinstance(value, str) else pounds(value) if key in _MONEY else f"{value:,}"
        for key, value in reason.params.items()
    }
    if "places" in forms:
        one, many = PLACES
        forms["places_below"] = translate(one if forms["places"] == "1" else many) % {
            "number": forms["places"]
        }
    sentence = translate(TEMPLATES[reason.code]) % forms
    held = reason.params.get("held", 0)
    if held:
        sentence += " " + translate(HELD[0] if held == 1 else HELD[1]) % forms
    if reason.params.get("extra_penny"):
        sentence += " " + translate(EXTRA_PENNY)
    return sentence
