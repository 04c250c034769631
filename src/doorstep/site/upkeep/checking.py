"""`doorstep invariants`: asks whether everything holds that must, and tells the public and the
operator how it went."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.invariants import Fault, Invariant, invariants
from doorstep.apps.outbox.actions import language_of, tell
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.site.upkeep.snapshot import one_moment

log = logging.getLogger(__name__)
CHECKED = "upkeep.invariants_checked"
NIGHTLY = Actor("system", "nightly")
# A table that is wholly wrong must not fill a message or a terminal.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Outcome:
    """How one invariant stands: how many rows were looked at, and every fault found."""

    invariant: Invariant
    rows: int
    faults: list[Fault]


def check_invariants(only: Sequence[str] = ()) -> Iterator[Outcome]:
    """Each invariant's outcome as it is found. One that cannot even be asked has a fault.

    `only` are names, without any all are asked; Refused for a name that nothing has, before
    anything is asked: what was not asked must not look as if it held.
    """
    known = [one.name for one in invariants()]
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, n=3) or known[:3]
            raise Refused(
                f"Nothing that must hold is called {name[:60]!r}. Did you mean "
                f"{' or '.join(near)}? Without a name, all are asked.",
                code="unknown_invariant",
            )
    return _outcomes([one for one in invariants() if not only or one.name in only])


def refuse_a_part(names: Iterable[str]) -> None:
    """Refused where these are not all: the page would say of a few that nothing was found."""
    if left_out := {one.name for one in invariants()} - set(names):
        raise Refused(
            f"Only a check of everything is published, and this one leaves out {len(left_out)}, "
            f"such as {min(left_out)}. Run: doorstep invariants --publish",
            code="part_of_a_check",
        )


def _outcomes(asked: Sequence[Invariant]) -> Iterator[Outcome]:
    for one in asked:
        try:
            with one_moment():
                yield Outcome(one, one.rows(), [(str(w), str(s)) for w, s in one.faults()])
        except Exception as problem:
            log.exception("The invariant %s could not be checked", one.name)
            said = f"it could not be checked: {type(problem).__name__}."
            yield Outcome(one, 0, [("This check", said)])


def lines_of(outcome: Outcome) -> Iterator[str]:
    """What the command prints of an outcome: its faults, and whether it holds."""
    for where, sentence in outcome.faults[:MOST_SHOWN]:
        yield f"  {_word(outcome)}  {where}: {sentence}"
    if (more := len(outcome.faults) - MOST_SHOWN) > 0:
        yield f"  {_word(outcome)}  and {more:,} more"
    mark = _word(outcome) if outcome.faults else "ok   "
    yield f"{mark}  {outcome.invariant.name}: {outcome.invariant.promise} ({outcome.rows:,})"


def _word(outcome: Outcome) -> str:
    return "late " if outcome.invariant.is_deadline else "WRONG"


@transaction.atomic
def publish(outcomes: Sequence[Outcome], *, actor: Actor = NIGHTLY) -> Leaf:
    """Write into the record what was checked, over how many rows, and how many faults there were.

    Where they are is nobody's business but the operator's, who is told by the outbox. Refused for
    outcomes of a part only.
    """
    refuse_a_part(one.invariant.name for one in outcomes)
    leaf = write_leaf(
        CHECKED,
        {
            "checked": [[one.invariant.name, one.rows, len(one.faults)] for one in outcomes],
            "actor": actor.as_leaf(),
        },
    )
    if broken := [one for one in outcomes if one.faults]:
        tell_operator(broken)
    return leaf


def tell_operator(broken: Sequence[Outcome]) -> None:
    """Once a day for the same faults; without an operator's address the error stream says it."""
    for one in broken:
        log.error("%s does not hold: %s", one.invariant.name, one.faults[:MOST_SHOWN])
    if not settings.OPERATOR:
        return
    names = ",".join(one.invariant.name for one in broken)
    with translation.override(language_of(settings.OPERATOR)):
        tell(
            settings.OPERATOR,
            subject=_("Something that must always hold does not"),
            text="\n".join(
                [
                    _("The nightly check found this. Run “doorstep invariants” to see it again."),
                    *(f"{one.invariant.promise} ({len(one.faults)})" for one in broken),
                ]
            ),
            topic="upkeep",
            key=f"invariants:{timezone.localdate()}:{names}",
            link="/record/invariants/",
            at_once=True,
        )
