"""The sections of the engine's own report, on a page of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from doorstep.engine.count import Outcome
from doorstep.engine.count.giving import Givers, gathered
from doorstep.engine.count.page import (
    Writer,
    money_flow,
    rounds,
    says_what_was_missing,
    support_bars,
)

# The engine escapes every name, and nothing else comes from people.


def rounds_section(outcome: Outcome, names: Mapping[str, str]) -> SafeString:
    """What each round bought and how the pot filled: a picture, and its table behind a fold."""
    return mark_safe(rounds(_named(outcome, names), Writer("GBP", gettext), fold=True))  # noqa: S308


def shares_section(
    outcome: Outcome, groups: Sequence[Givers], names: Mapping[str, str], *, least: int
) -> SafeString:
    """The flow from voters to ideas, and its table; nothing where nobody had a share.

    `names` are the ideas' names as the site may show them. Groups of fewer than `least` people
    are put together with their neighbours.
    """
    shown = gathered(groups, least)
    if not shown:
        return SafeString("")
    write = Writer("GBP", gettext)
    return mark_safe(money_flow(_named(outcome, names), shown, write, each_idea=False))  # noqa: S308


def needed_bars(outcome: Outcome) -> tuple[dict[str, SafeString], str]:
    """For each idea that was not funded its support and what was missing; and what that shows."""
    words = "others_said" if says_what_was_missing(outcome) else "others_said_plain"
    bars = {one: mark_safe(drawn) for one, drawn in support_bars(outcome).items()}  # noqa: S308
    return bars, Writer("GBP", gettext).say(words)


def _named(outcome: Outcome, names: Mapping[str, str]) -> Outcome:
    verdicts = tuple(replace(one, name=names[one.id]) for one in outcome.verdicts)
    return replace(outcome, currency="GBP", verdicts=verdicts)
