"""Pure questions about a promise: how it stands on a day, in whose words, and whose it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from doorstep.apps.people.rules import Answer, role_name
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused

# Who may owe something and is no role of an account: whoever was paid, and this site by itself.
PAYEE, SITE = "payee", "site"
FURTHEST = timedelta(days=366)
LONGEST_REASON = 500


class Owed(Protocol):
    """A promise as this room's questions see it."""

    state: str
    due_on: date
    ended_on: date | None
    extended: int


def owing(role: str) -> str:
    """Whoever owes something, as people say it."""
    others = {
        PAYEE: _("whoever was paid"),
        SITE: _("this site"),
        "partnership_member": _("partnership"),
    }
    return others.get(role) or role_name(role)


@dataclass(frozen=True)
class Word:
    """How a promise stands: a word for everybody, the tone of its tag, and whether it is late."""

    said: str
    tone: str
    late: bool = False


def word(promise: Owed, today: date) -> Word:
    """Met, late, put off, not done: what is said of it on a day."""
    if promise.state == "withdrawn":
        return Word(_("not needed any more"), "plain")
    if promise.state == "not_done":
        return Word(_("not done"), "stopped")
    if promise.state == "met":
        late = promise.ended_on is not None and promise.ended_on > promise.due_on
        return Word(_("done late") if late else _("done in time"), "waiting" if late else "good")
    if today > promise.due_on:
        return Word(_("late"), "stopped", late=True)
    if today == promise.due_on:
        return Word(_("due today"), "waiting")
    if promise.extended:
        return Word(_("put off"), "waiting")
    return Word(_("open"), "plain")


def refuse_ended(promise: Owed) -> None:
    """What has ended stays as it ended."""
    if promise.state != "open":
        raise Refused(
            _("This promise has ended. Make a new one if something is owed again."), code="ended"
        )


def refuse_bad_day(until: date, due_on: date, today: date) -> None:
    """Put off to a later day that can still be kept, and within a year."""
    if until <= due_on or until < today:
        raise Refused(
            _("It is due on %(day)s now. Put it off to a later day that is still to come.")
            % {"day": said_day(due_on)},
            code="day",
        )
    if until > today + FURTHEST:
        raise Refused(_("Put it off by a year at most."), code="day")


def plain_reason(text: str) -> str:
    """A public reason, or Refused: putting off in silence is what people complain of."""
    reason = " ".join(text.split())
    if not reason:
        raise Refused(_("Say why. Everybody can read it."), code="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("Write at most %(most)s characters.") % {"most": LONGEST_REASON}, code="reason"
        )
    return reason


def may_work_on(
    *,
    role: str,
    place_id: int | None,
    organisation_id: int | None,
    roles: Iterable[tuple[str, int | None]],
    speaks_for: Collection[int],
) -> Answer:
    """Whether a promise is somebody's to keep: by a role at its place, or an office of its body.

    `roles` are (kind, place) that hold today; no place means everywhere.
    """
    if organisation_id is not None:
        if organisation_id in speaks_for:
            return Answer(True, _("You speak for the organisation that owes this."))
        return Answer(False, _("Only somebody who speaks for the organisation may do this."))
    if any(kind == role and at in (None, place_id) for kind, at in roles):
        return Answer(True, _("It is owed by a role that you hold."))
    return Answer(False, _("This is owed by a role that you do not hold here."))


@dataclass(frozen=True)
class Tally:
    """How a body kept its promises. A share is said from ten on: fewer tell of a single person."""

    body: str
    in_time: int
    late: int
    not_done: int
    open: int
    overdue: int

    LEAST = 10

    @property
    def ended(self) -> int:
        return self.in_time + self.late + self.not_done

    @property
    def percent(self) -> int | None:
        return self.in_time * 100 // self.ended if self.ended >= self.LEAST else None
