"""Whose shares paid for what: the section of the engine's own report, on a page of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from doorstep.engine.count import Outcome
from doorstep.engine.count.giving import Givers, gathered
from doorstep.engine.count.page import Writer, money_flow


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
    named = replace(
        outcome,
        currency="GBP",
        verdicts=tuple(replace(one, name=names[one.id]) for one in outcome.verdicts),
    )
    # The engine escapes every name, and nothing else comes from people.
    write = Writer("GBP", gettext)
    return mark_safe(money_flow(named, shown, write, each_idea=False))  # noqa: S308
