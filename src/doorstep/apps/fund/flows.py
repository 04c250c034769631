"""The lines of an entry, worked out once: for the action that posts it and the check of it."""

from collections.abc import Mapping
from datetime import date

from doorstep.apps.fund import accounts
from doorstep.apps.fund.models import Fund
from doorstep.apps.ledger.rules import Line
from doorstep.engine.need import largest_remainder
from doorstep.engine.rulebook import rule

NATIONS = ("england", "northern_ireland", "scotland", "wales")
HOME = "england"


def nation_parts(pence: int, on: date) -> dict[str, int]:
    """A release shared among the nations by the rules of its day, to the penny."""
    weights = [int(rule(f"fund.nation_share.{nation}", on).value) for nation in NATIONS]
    return dict(zip(NATIONS, largest_remainder(pence, weights, NATIONS), strict=True))


def arrival_lines(fund: Fund, asset_class: str, pence: int, kept: int, on: date) -> list[Line]:
    """Forgotten money: a part to the reserve, the rest to the pot, or to the nations first."""
    outside = accounts.dormant_world(fund.slug, asset_class)
    reserve = accounts.reserve(fund.slug, asset_class)
    return _some([Line(outside, reserve, kept), *_set_free(fund, outside, pence - kept, on)])


def release_lines(fund: Fund, asset_class: str, pence: int, on: date) -> list[Line]:
    """What a review set free, from the reserve of its class."""
    reserve = accounts.reserve(fund.slug, asset_class)
    return _some(_set_free(fund, reserve, pence, on))


def kept_of(fund: Fund, released: int, on: date) -> int:
    """What of a release this fund keeps."""
    return nation_parts(released, on)[HOME] if fund.splits else released


def reclaim_lines(outside: str, pence: int, backing: Mapping[str, int]) -> list[Line]:
    """A reclaim from the accounts that stand behind it, each emptied before the next is touched."""
    lines, left = [], pence
    for code, held in backing.items():
        part = min(left, held)
        if part:
            lines.append(Line(code, outside, part))
        left -= part
    return lines


def _set_free(fund: Fund, source: str, pence: int, on: date) -> list[Line]:
    pot = accounts.pot(fund.slug)
    if not fund.splits:
        return [Line(source, pot, pence)]
    through = accounts.released(fund.slug)
    return [
        Line(source, through, pence),
        *(
            Line(
                through,
                pot if nation == HOME else accounts.nation_world(fund.slug, nation),
                part,
            )
            for nation, part in nation_parts(pence, on).items()
        ),
    ]


def _some(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.pence]
