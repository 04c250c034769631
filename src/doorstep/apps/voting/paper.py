"""Ballot papers: reading what a keyer typed, when two keyings agree, and how a stack stands."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.voting import choices
from doorstep.apps.voting.models import Keying, PaperStack
from doorstep.engine.seal.canonical import canonical

_PLAIN = re.compile(r"[0-9]{1,4}", re.ASCII)
_POINTS = re.compile(r"([0-9]{1,4})[:=]([0-9]{1,4})", re.ASCII)
LONGEST = 10_000


def tracker_hash(slug: str, tracker: str) -> bytes:
    """What is kept of a paper's tracker until it is keyed."""
    return hashlib.sha256(f"doorstep paper v1|{slug}|{tracker}".encode()).digest()


def read_marks(question: choices.Question, typed: str) -> choices.Choice:
    """What a keyer typed: idea numbers as on the paper, from 1, with spaces or commas between.

    Ticks `1 4 7` in any order; ranking `4 1 2` from the first place down; points `1:3 4:2`.
    """
    if len(typed) > LONGEST:
        raise _unreadable(question)
    marks: list[tuple[int, int]] = []
    for part in re.split(r"[\s,;]+", typed.strip()):
        found = (_POINTS if question.kind == "cumulative" else _PLAIN).fullmatch(part)
        if found is None:
            raise _unreadable(question)
        number = int(found[1] if question.kind == "cumulative" else found[0])
        if not 1 <= number <= len(question.codes):
            raise Refused(
                _("There is no idea %(number)s on this ballot. The last is %(last)s.")
                % {"number": number, "last": len(question.codes)},
                code="no_such_idea",
            )
        marks.append((number - 1, int(found[2]) if question.kind == "cumulative" else 1))
    if len({idea for idea, _points in marks}) < len(marks):
        raise Refused(
            _("One idea stands twice in what you typed. Read the paper again."), code="idea_twice"
        )
    ordered = marks if question.kind == "ordinal" else sorted(marks)
    choice = choices.Choice(tuple(mark for mark in ordered if mark[1]))
    problem = choices.too_many(question, choice)
    if problem or len(choice.ideas) < question.least:
        raise Refused(
            _(
                "This ballot asks for more or fewer ideas than the rules allow. If the paper "
                "really says so, tick that it is spoilt."
            ),
            code="paper_spoilt",
        )
    return choice


def agreed(keyings: Iterable[Keying]) -> Keying | None:
    """The keying on which two people agree, or None. A third may agree with either of two."""
    seen: dict[bytes, Keying] = {}
    for keying in keyings:
        key = canonical(keying.choice)
        if key in seen:
            return keying
        seen[key] = keying
    return None


@dataclass(frozen=True)
class Standing:
    """How a stack stands: papers keyed alike by two (the spoilt ones among them), papers that
    still wait for a second or a third person, and the agreed ballots in one order of bytes."""

    keyed: int
    spoilt: int
    open: int
    differ: tuple[int, ...]
    waiting: tuple[int, ...]
    ballots: list[Keying]
    written: bytes


def standing(stack: PaperStack) -> Standing:
    """Two SQL statements, however large the stack."""
    done: list[Keying] = []
    differ, waiting = [], []
    begun = stack.sheets.filter(keyings__isnull=False).distinct().prefetch_related("keyings")
    for sheet in begun.order_by("number"):
        keyings = list(sheet.keyings.all())
        if found := agreed(keyings):
            done.append(found)
        elif len(keyings) > 1:
            differ.append(sheet.number)
        else:
            waiting.append(sheet.number)
    good = [keying for keying in done if keying.choice is not None]
    lines = sorted(canonical({"t": keying.tracker, "v": keying.choice}) for keying in good)
    return Standing(
        keyed=len(done),
        spoilt=len(done) - len(good),
        open=len(differ) + len(waiting),
        differ=tuple(differ),
        waiting=tuple(waiting),
        ballots=good,
        written=b"\n".join(lines),
    )


def _unreadable(question: choices.Question) -> Refused:
    if question.kind == "cumulative":
        return Refused(
            _("Type the number of each idea and its points, such as 1:3 4:2."), code="marks"
        )
    return Refused(
        _("Type the numbers of the ideas with spaces between, such as 1 4 7."), code="marks"
    )
