"""Pure questions about a partnership on a day: is it large enough, do residents hold the majority,
who may not decide about whom? The answers warn and explain; a thin partnership is never locked out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import Dated, holds
from doorstep.apps.rule_names import ask_the_officer
from doorstep.engine.rulebook import Rule


class Member(Dated, Protocol):
    """A membership spell as this room's questions see it."""

    lives_here: bool


class Declared(Dated, Protocol):
    """An interest spell as this room's questions see it."""

    kind: str
    organisation_id: int


@dataclass(frozen=True)
class Composition:
    """A partnership on a day. `percent` is rounded down, so a bare miss never reads as met.

    `unsure` names the rules that nobody checked for a year: by those nothing is judged.
    """

    on: date
    size: int
    residents: int
    minimum: Rule
    majority: Rule
    warnings: tuple[str, ...]
    unsure: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        return self.residents * 100 // self.size if self.size else 0

    @property
    def meets_the_rules(self) -> bool:
        return not self.warnings and not self.unsure


def composition(
    members: Iterable[Member], on: date, *, minimum: Rule, majority: Rule
) -> Composition:
    """Count the members of a day against the rules of that day.

    `minimum` is partnership.minimum_members in people, `majority` partnership.resident_majority
    in percent.
    """
    now = [member for member in members if holds(member, on)]
    residents = sum(member.lives_here for member in now)
    return counted(len(now), residents, on, minimum=minimum, majority=majority)


def counted(size: int, residents: int, on: date, *, minimum: Rule, majority: Rule) -> Composition:
    """The same where the members of the day are counted already."""
    least, share = int(minimum.value), int(majority.value)
    warnings = []
    unsure = [ask_the_officer(one, on) for one in (minimum, majority) if not one.decides(on)]
    if size < least and minimum.decides(on):
        warnings.append(
            ngettext(
                "There is %(size)s member; at least %(least)s are needed.",
                "There are %(size)s members; at least %(least)s are needed.",
                size,
            )
            % {"size": size, "least": least}
        )
    if size and residents * 100 < size * share and majority.decides(on):
        warnings.append(
            ngettext(
                "%(residents)s of %(size)s members lives in the area; at least %(share)s%% must.",
                "%(residents)s of %(size)s members live in the area; at least %(share)s%% must.",
                residents,
            )
            % {"residents": residents, "size": size, "share": share}
        )
    return Composition(on, size, residents, minimum, majority, tuple(warnings), tuple(unsure))


def has_interest(interests: Iterable[Declared], organisations: Collection[int], on: date) -> Answer:
    """Whether a member must stay out of a decision about `organisations` (their numbers).

    Yes with the reason when any tie of any kind was declared and holds on the day.
    """
    held = [i for i in interests if i.organisation_id in organisations and holds(i, on)]
    kinds = {interest.kind for interest in held}
    if "direct" in kinds:
        return Answer(True, _("You could be paid by this decision, so you take no part in it."))
    if "indirect" in kinds:
        return Answer(
            True,
            _("Somebody close to you could be paid by this decision, so you take no part in it."),
        )
    if kinds:
        return Answer(
            True, _("You belong to an organisation this is about, so you take no part in it.")
        )
    return Answer(False, _("No interest in this is declared for you."))
