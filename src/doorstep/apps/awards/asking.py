"""What a form or an application asks, by the table of its day. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from doorstep.apps.awards.fitting import asked_words, assessed, long
from doorstep.apps.refused import Refused
from doorstep.engine.proportion import (
    Assessment,
    NotPublishedError,
    Project,
    Schedule,
    ScheduleError,
    assess,
    publish,
    schedule,
)

Extras = Sequence[tuple[str, int]]
LATE = "late_account"
MOST_TIMES = 100


def asked_on(
    day: date,
    pence: int,
    risks: Mapping[str, int],
    *,
    long_lease: bool = False,
    accounted: int = 0,
    extras: Extras = (),
) -> Assessment:
    """The same for what began on a day: the table of that day, whatever is in force now."""
    return assessed(Project(pence, risks, long_lease, accounted), extras, schedule(day))


def sizes_of(least: int, most: int, table: Schedule) -> list[int]:
    """The largest sum of each tier that a form for `least` to `most` pence reaches into."""
    found = []
    for tier in table.tiers:
        top = most if tier.most is None else min(tier.most, most)
        if table.tier_of(top) is tier and top >= least:
            found.append(top)
    return found


def furthest(least: int, most: int, extras: Extras, on: date) -> Assessment:
    """The size of a form that is furthest over its budget, or nearest to it: whoever asks for less
    may not be asked for more than fits. Refused for an extra that cannot be read."""
    table = schedule(on)
    sizes = [assess(Project(pence), table) for pence in sizes_of(least, most, table)]
    for what, _minutes in extras:
        if all(what in {one.key for one in size.asked} for size in sizes):
            raise Refused(
                _("“%(what)s” is asked for already. Leave it out.") % {"what": said(what)},
                code="asked_already",
            )
    try:
        found = [assessed(size.project, extras, table) for size in sizes]
    except ScheduleError:
        raise Refused(
            _("Say what is asked besides, and how many minutes it takes."), code="extra"
        ) from None
    return max(found, key=lambda one: one.minutes - one.budget)


def refuse_over_budget(found: Assessment, officer: str, explanation: str) -> None:
    """A form over its budget is shown only with an officer's name and reason."""
    try:
        publish(found, officer=officer, explanation=explanation)
    except NotPublishedError as error:
        why = ""
        if error.covered is not None:
            why = " " + _("“%(what)s” guards against what “%(by)s” guards against already.") % {
                "what": said(error.covered.key),
                "by": said(error.covered.covered_by),
            }
        raise Refused(
            _("This form takes %(needs)s, and its budget is %(budget)s.")
            % {"needs": long(found.minutes), "budget": long(found.budget)}
            + why
            + " "
            + _("Take something out, or let a named officer say in public why."),
            code="over_budget",
        ) from None


def said(key: str) -> str:
    """What is asked, in words: the table's, or the funder's own."""
    return asked_words().get(key, key)


def to_answer(found: Assessment, held: Collection[str] = ()) -> list[str]:
    """The keys of what an applicant writes something about before the money: all that is asked but
    the plan itself, which is the application, what comes afterwards, and what the passport of
    whoever asks shows already (`held`)."""
    return [
        one.key
        for one in found.asked
        if one.key not in {"who_what_when", *held}
        and not (one.requirement and one.requirement.monitoring)
    ]


def with_lateness(risks: Mapping[str, int], *, late: bool) -> dict[str, int]:
    """The risks that were ticked, and whether a report is late: that is looked up, not ticked."""
    kept = {key: times for key, times in risks.items() if key != LATE and times}
    return kept | ({LATE: 1} if late else {})
