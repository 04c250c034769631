"""Pure questions about what members learned: can it have been so?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models.learning import (
    MOST_MEMBERS,
    MOST_MINUTES,
    QUARTER_HOUR,
    Duty,
    LearningEntry,
    LearningKind,
    hours_of,
)
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused


def refuse_bad_day(day: date, began: date | None, on: date) -> None:
    """It is over by today, and the partnership had its first member by then."""
    if began is None or began > on:
        raise Refused(
            _("This partnership has no members yet, so nobody can have learned anything."),
            code="no_members",
        )
    if day > on:
        raise Refused(_("That day is still to come. Write it down once it is over."), code="day")
    if day < began:
        raise Refused(
            _("This partnership began on %(day)s. Write down what came after.")
            % {"day": said_day(began)},
            code="day",
        )


def refuse_bad_minutes(minutes: int) -> None:
    """Whole quarters of an hour, and no more than one entry can hold."""
    if type(minutes) is not int or minutes <= 0 or minutes % QUARTER_HOUR:
        raise Refused(
            _("Give the hours in quarters, such as 0.25, 1.5 or 3."), code="learning_minutes"
        )
    if minutes > MOST_MINUTES:
        raise Refused(
            _("One entry holds at most %(most)s hours. Write down each day by itself.")
            % {"most": hours_of(MOST_MINUTES)},
            code="learning_minutes",
        )


def refuse_bad_members(members: int, seats: int, day: date) -> None:
    """Some took part, and no more than sat there on that day."""
    if type(members) is not int or members < 1:
        raise Refused(_("Say how many members took part."), code="learning_members")
    if members > min(seats, MOST_MEMBERS):
        raise Refused(
            _(
                "On %(day)s the partnership had %(seats)s members, so no more can have taken part. "
                "Count members only."
            )
            % {"day": said_day(day), "seats": seats},
            code="learning_members",
        )


@dataclass(frozen=True)
class Standing:
    """The entries of one partnership that count, by what they are."""

    training: tuple[LearningEntry, ...]
    support: tuple[LearningEntry, ...]
    duties: tuple[LearningEntry, ...]  # all that were taken over
    held: tuple[LearningEntry, ...]  # of these, what did not go back

    @property
    def training_minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.training)

    @property
    def member_minutes(self) -> int:
        return sum((one.minutes or 0) * (one.members or 0) for one in self.training)

    @property
    def support_minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.support)


def standing(entries: Iterable[LearningEntry]) -> Standing:
    """What counts of a partnership's entries; each with `withdrawn` read already."""
    counted = [one for one in entries if not is_withdrawn(one)]
    returned = {one.returns_id for one in counted if one.kind == LearningKind.GIVEN_BACK}

    def of(kind: LearningKind) -> tuple[LearningEntry, ...]:
        return tuple(one for one in counted if one.kind == kind)

    duties = of(LearningKind.DUTY)
    return Standing(
        of(LearningKind.TRAINING), of(LearningKind.SUPPORT), duties,
        tuple(one for one in duties if one.pk not in returned),
    )  # fmt: skip


def is_withdrawn(entry: LearningEntry) -> bool:
    return hasattr(entry, "withdrawn")


def refuse_taken_over_twice(duty: str, since: date, entries: Iterable[LearningEntry]) -> None:
    """A duty is taken over once, and again after it went back. Duties without a word of their own
    are told apart by what was written."""
    if duty == Duty.OTHER:
        return
    counted = [one for one in entries if not is_withdrawn(one)]
    if any(one.what == duty for one in standing(counted).held):
        raise Refused(
            _("It is written down already that members do this themselves."), code="duty_held"
        )
    went_back = [one.on for one in counted if one.returns is not None and one.returns.what == duty]
    if went_back and since < max(went_back):
        raise Refused(
            _("This duty went back on %(day)s. Members took it over again after that.")
            % {"day": said_day(max(went_back))},
            code="day",
        )


def refuse_bad_withdrawal(entry: LearningEntry, entries: Iterable[LearningEntry]) -> None:
    """What others were written down upon is withdrawn after them, newest first."""
    if is_withdrawn(entry):
        raise Refused(_("This entry is withdrawn already."), code="withdrawn")
    counted = [one for one in entries if not is_withdrawn(one)]
    if any(one.returns_id == entry.pk for one in counted):
        raise Refused(_("Withdraw first that this duty went back."), code="learning_withdraw_first")
    if entry.kind == LearningKind.GIVEN_BACK and entry.returns is not None:
        # Without it members did the duty all along, so nobody took it over again.
        first = entry.returns
        if first.what != Duty.OTHER and any(
            one.what == first.what and one.kind == LearningKind.DUTY and one.number > first.number
            for one in counted
        ):
            raise Refused(
                _("Members took this duty over again since. Withdraw that entry first."),
                code="learning_withdraw_first",
            )
