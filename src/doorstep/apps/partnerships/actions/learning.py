"""What members learned is written down once, by whoever keeps the partnership's books; a mistake is
withdrawn with a reason, and never removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.common import required_words
from doorstep.apps.partnerships.models import (
    DoneBefore,
    Duty,
    LearningEntry,
    LearningKind,
    LearningWithdrawn,
    Partnership,
    PlanLine,
    PlanState,
    SupportKind,
)
from doorstep.apps.partnerships.rules import learning as rules
from doorstep.apps.partnerships.rules.meetings import LONGEST_TITLE, plain_words
from doorstep.apps.people.spells import holding
from doorstep.apps.promises.rules import LONGEST_REASON
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

PAYING = (PlanState.ENDORSED, PlanState.REPLACED)
WITHDRAWN = "learning.withdrawn"
LEAVES: Mapping[str, str] = {
    LearningKind.TRAINING: "learning.training",
    LearningKind.SUPPORT: "learning.support",
    LearningKind.DUTY: "learning.duty_taken_over",
    LearningKind.GIVEN_BACK: "learning.duty_given_back",
}


@dataclass(frozen=True)
class Given:
    """Who gave it, an organisation or words; and the line of the plan that paid, if any."""

    words: str = ""
    organisation: Organisation | None = None
    line: PlanLine | None = None


@transaction.atomic
def take_training(
    partnership: Partnership,
    what: str,
    given: Given,
    *,
    day: date,
    minutes: int,
    members: int,
    on: date,
    actor: Actor,
) -> LearningEntry:
    """Write down that `members` of the members were trained for `minutes` each, on `day`."""
    _in_its_life(partnership, day, on)
    rules.refuse_bad_minutes(minutes)
    rules.refuse_bad_members(members, partnership.memberships.filter(holding(day)).count(), day)
    words = required_words(what, LONGEST_TITLE, _("Say what the training was."))
    made = _entry(
        partnership, LearningKind.TRAINING, day, words=words, minutes=minutes, members=members,
        **_from(partnership, given),
    )  # fmt: skip
    return _written(made, actor)


@transaction.atomic
def use_support(
    partnership: Partnership,
    kind: str,
    given: Given,
    *,
    day: date,
    minutes: int,
    on: date,
    actor: Actor,
) -> LearningEntry:
    """Write down that an adviser, a worker or somebody else helped for `minutes`, on `day`."""
    _in_its_life(partnership, day, on)
    rules.refuse_bad_minutes(minutes)
    if kind not in SupportKind.values:
        raise Refused(_("Say who helped."), code="support_kind")
    made = _entry(
        partnership, LearningKind.SUPPORT, day, what=kind, minutes=minutes,
        **_from(partnership, given),
    )  # fmt: skip
    return _written(made, actor)


@transaction.atomic
def take_over_duty(
    partnership: Partnership,
    duty: str,
    before: str,
    *,
    which: str = "",
    since: date,
    on: date,
    actor: Actor,
) -> LearningEntry:
    """Write down that members do a duty themselves, from `since` on, and who did it `before`.
    `which` says what another duty is."""
    _in_its_life(partnership, since, on)
    if duty not in Duty.values:
        raise Refused(_("Say which duty it is."), code="duty_kind")
    if before not in DoneBefore.values:
        raise Refused(_("Say who did it before."), code="duty_before")
    rules.refuse_taken_over_twice(duty, since, _entries(partnership))
    words = (
        required_words(which, LONGEST_TITLE, _("Say in a few words what the duty is."))
        if duty == Duty.OTHER
        else None
    )
    made = _entry(partnership, LearningKind.DUTY, since, what=duty, before=before, words=words)
    return _written(made, actor)


@transaction.atomic
def give_back_duty(
    entry: LearningEntry, reason: str, *, day: date, on: date, actor: Actor
) -> LearningEntry:
    """Write down that members no longer do a duty themselves, from `day` on, and why."""
    partnership = entry.partnership
    _in_its_life(partnership, day, on)
    if entry.pk not in {one.pk for one in rules.standing(_entries(partnership)).held}:
        raise Refused(_("Members do not do this duty, so it cannot go back."), code="duty_not_held")
    if day < entry.on:
        raise Refused(_("A duty goes back after it was taken over."), code="day")
    words = required_words(reason, LONGEST_REASON, _("Say why. Everybody can read it."))
    made = _entry(partnership, LearningKind.GIVEN_BACK, day, returns=entry, words=words)
    return _written(made, actor)


@transaction.atomic
def withdraw_entry(
    entry: LearningEntry, reason: str, *, on: date, actor: Actor
) -> LearningWithdrawn:
    """An entry was a mistake: it counts no more, and stays to be read with the reason."""
    lock_head()
    entries = _entries(entry.partnership)
    rules.refuse_bad_withdrawal(next(one for one in entries if one == entry), entries)
    words = required_words(reason, LONGEST_REASON, _("Say why. Everybody can read it."))
    leaf = write_leaf(
        WITHDRAWN,
        {
            "place": entry.partnership.place.slug,
            "entry": entry.number,
            "reason": words.commitment,
            "on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return LearningWithdrawn.objects.create(entry=entry, reason=words, on=on, leaf=leaf)


def leaf_of(entry: LearningEntry) -> dict[str, Any]:
    """What the record says of an entry, but for who wrote it down."""
    said: dict[str, Any] = {
        "place": entry.partnership.place.slug,
        "entry": entry.number,
        "on": entry.on.isoformat(),
        "words": entry.words.commitment if entry.words else "",
    }
    if entry.kind in (LearningKind.TRAINING, LearningKind.SUPPORT):
        said |= {
            "minutes": entry.minutes,
            "organisation": entry.organisation.slug if entry.organisation else "",
            "given_by": entry.given_by.commitment if entry.given_by else "",
            "plan": entry.line.plan.number if entry.line else 0,
            "line": entry.line.number if entry.line else 0,
        }
    own: Mapping[str, Mapping[str, Any]] = {
        LearningKind.TRAINING: {"members": entry.members},
        LearningKind.SUPPORT: {"what": str(entry.what)},
        LearningKind.DUTY: {"what": str(entry.what), "before": str(entry.before)},
        LearningKind.GIVEN_BACK: {"returns": entry.returns.number if entry.returns else 0},
    }
    return {**said, **own[entry.kind]}


def began_on(partnership: Partnership) -> date | None:
    """The first day on which it had a member; None before."""
    first: date | None = partnership.memberships.aggregate(day=Min("since"))["day"]
    return first


def _in_its_life(partnership: Partnership, day: date, on: date) -> None:
    lock_head()
    rules.refuse_bad_day(day, began_on(partnership), on)


def _entries(partnership: Partnership) -> list[LearningEntry]:
    rows = LearningEntry.objects.filter(partnership=partnership)
    return list(rows.select_related("withdrawn", "returns"))


def _entry(partnership: Partnership, kind: LearningKind, day: date, **more: Any) -> LearningEntry:
    last = partnership.learning.aggregate(n=Max("number"))["n"] or 0
    return LearningEntry(partnership=partnership, number=last + 1, kind=kind, on=day, **more)


def _written(entry: LearningEntry, actor: Actor) -> LearningEntry:
    entry.leaf = write_leaf(LEAVES[entry.kind], {**leaf_of(entry), "actor": actor.as_leaf()})
    entry.save(force_insert=True)
    return entry


def _from(partnership: Partnership, given: Given) -> dict[str, Any]:
    words = plain_words(given.words, LONGEST_TITLE)
    if not words and given.organisation is None:
        raise Refused(
            _("Say from whom it came: choose an organisation, or write it."), code="given_by"
        )
    line = given.line
    if line is not None and (
        line.plan.partnership_id != partnership.pk or line.plan.state not in PAYING
    ):
        raise Refused(_("Choose a line of a plan that both sides agreed on."), code="line")
    return {
        "organisation": given.organisation, "given_by": keep_words(words) if words else None,
        "line": line,
    }  # fmt: skip
