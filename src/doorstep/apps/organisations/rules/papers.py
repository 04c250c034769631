"""How a group's papers stand on a day, and what an expired one stops."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext as _

from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused

OLDEST = date(1900, 1, 1)
LONGEST_AHEAD = timedelta(days=366 * 100)  # a lease of 99 years is the longest paper


class Standing(StrEnum):
    MISSING = "missing"
    HELD = "held"
    SOON = "soon"
    EXPIRED = "expired"


class Given(Protocol):
    """A document as these questions see it."""

    kind: str
    issued: date
    expires: date | None
    taken_out_on: date | None


@dataclass(frozen=True)
class Paper:
    """The paper of a kind that counts on a day, and how it stands; `document` None: there is
    none."""

    kind: str
    standing: Standing
    document: Given | None = None

    @property
    def counts(self) -> bool:
        """Whether it may be asked for no more. What expires soon still holds."""
        return self.standing in {Standing.HELD, Standing.SOON}


def standing(documents: Iterable[Given], kind: str, on: date, *, warned_before: int) -> Paper:
    """The newest paper of a kind on a day. A new one replaces the old at once, whatever its days;
    `warned_before` is in days. The last day on a paper is a day on which it still holds."""
    mine = [
        one
        for one in documents
        if one.kind == kind and (one.taken_out_on is None or on < one.taken_out_on)
    ]
    if not mine:
        return Paper(kind, Standing.MISSING)
    newest = max(mine, key=lambda one: (one.issued, getattr(one, "pk", 0)))
    if newest.expires is None or on + timedelta(days=warned_before) < newest.expires:
        return Paper(kind, Standing.HELD, newest)
    if on <= newest.expires:
        return Paper(kind, Standing.SOON, newest)
    return Paper(kind, Standing.EXPIRED, newest)


def stops(paper: Paper, step: str, *, rule_stops: str, with_people_at_risk: bool) -> Answer:
    """Whether an expired safeguarding policy stops a step, as its rule says: `rule_stops` is one
    step, such as "new agreement", or "nothing". Nothing that was promised is held back by it."""
    if paper.standing is not Standing.EXPIRED or not with_people_at_risk or step != rule_stops:
        return Answer(False, _("Nothing is stopped by it."))
    assert paper.document is not None
    assert paper.document.expires is not None
    return Answer(
        True,
        _(
            "The group’s safeguarding policy ended on %(day)s, and children or adults who need "
            "care take part. It hands in a new one first. Payments that were promised before go on."
        )
        % {"day": said_day(paper.document.expires)},
    )


def refuse_bad_days(issued: date, expires: date | None, on: date) -> None:
    """A paper was written by today, and ends after it began."""
    if issued > on:
        raise Refused(
            _("The paper is dated after today. Give the day that stands on it."), code="issued"
        )
    if issued < OLDEST:
        raise Refused(_("That day is more than a century ago. Check the year."), code="issued")
    if expires is not None and expires <= issued:
        raise Refused(_("The paper would end before it begins. Check both days."), code="expires")
    if expires is not None and expires > issued + LONGEST_AHEAD:
        raise Refused(_("That last day is more than a century on. Check the year."), code="expires")
