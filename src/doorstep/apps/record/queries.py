"""Reads of the record that pages, commands and other rooms share."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import (
    BinaryField,
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from doorstep.engine.seal.leaf import is_commitment, leaf_hash
from doorstep.engine.seal.note import VerifierKey

from .models import Checkpoint, Cosignature, Leaf, Log, LogHead, Timestamp, Witness, Wording


def size(log: str = Log.PUBLIC) -> int:
    """How many leaves a log holds: one statement."""
    return LogHead.objects.values_list("size", flat=True).get(log=log)


def last_link(log: str = Log.PUBLIC) -> str:
    """The last link of a log's chain, in hex: one statement. It stands for all that was written.

    The size alone would not do: a database restored, or laid anew, reaches the same size with
    other leaves.
    """
    return bytes(LogHead.objects.values_list("chain", flat=True).get(log=log)).hex()


def state() -> str:
    """What public pages are functions of: the last link of the public log, and what was signed of
    both logs since. One statement."""
    newest = [
        Subquery(model.objects.order_by("-pk").values("pk")[:1])
        for model in (Checkpoint, Cosignature, Timestamp)
    ]
    chain, *signed = LogHead.objects.values_list("chain", *newest).get(log=Log.PUBLIC)
    return f"{bytes(chain).hex()} {signed}"


def commitments_in(value: object) -> set[str]:
    """Every commitment to words that stands anywhere in a leaf's body."""
    if isinstance(value, dict):
        return commitments_in(list(value.values()))
    if isinstance(value, list):
        return set().union(*(commitments_in(item) for item in value))
    return {value} if isinstance(value, str) and is_commitment(value) else set()


Hider = Callable[[], QuerySet[Any]]
_hiders: list[Hider] = []


def hides(hider: Hider) -> Hider:
    """Register a room's rows that hide a wording (`OuterRef("pk")`) now, where there are any.

    Hidden words stay kept, and a leaf still commits to them; the pages of the record do not show
    them, as no other page does.
    """
    if hider not in _hiders:
        _hiders.append(hider)
    return hider


def _hidden() -> Q:
    return reduce(or_, (Q(Exists(hider())) for hider in _hiders), Q(pk__isnull=True))


def hidden_among(commitments: set[str]) -> set[str]:
    """Those of these commitments whose words are hidden now. One statement, and none for none."""
    hidden = Wording.objects.filter(_hidden(), commitment__in=commitments)
    return set(hidden.values_list("commitment", flat=True)) if commitments else set()


def words_for(bodies: Iterable[object]) -> Callable[[str], str]:
    """A reader of the words that these leaves commit to: one statement, however many there are,
    and none for none."""
    wanted = commitments_in(list(bodies))
    hidden = ExpressionWrapper(_hidden(), output_field=BooleanField())
    found = Wording.objects.filter(commitment__in=wanted)
    rows = found.values_list("commitment", "text", hidden) if wanted else []
    kept = {
        commitment: _("(words hidden)") if is_hidden else text
        for commitment, text, is_hidden in rows
    }

    def read(commitment: str) -> str:
        return kept.get(commitment) or _("(words erased)")

    return read


def latest_checkpoint(log: str = Log.PUBLIC) -> Checkpoint | None:
    """What was signed last of a log."""
    return Checkpoint.objects.filter(log=log).order_by("-size").first()


def last_cosignatures(checkpoint: Checkpoint) -> list[Cosignature]:
    """The newest line of each witness under this checkpoint, in the order they were added."""
    found: dict[int, Cosignature] = {}
    shown = witnesses_shown(checkpoint)
    kept = Cosignature.objects.filter(checkpoint=checkpoint, witness__in=shown)
    for one in kept.select_related("witness").order_by("witness", "signed_at"):
        found[one.witness_id] = one
    return list(found.values())


def standing_witnesses() -> list[Witness]:
    """Those who were added and not removed since, in the order they were added: two statements."""
    leaves = Leaf.objects.filter(log=Log.PUBLIC, kind="witness.removed")
    removed = {json.loads(bytes(body))["key"] for body in leaves.values_list("body", flat=True)}
    return [
        one
        for one in Witness.objects.select_related("added").order_by("pk")
        if leaf_hash(VerifierKey.parse(one.vkey).public).hex() not in removed
    ]


def witnesses_shown(checkpoint: Checkpoint) -> list[Witness]:
    """Whose lines may stand under a checkpoint. A witness that was added since is not named in the
    leaves that it signs over, so a checker could not know its key yet."""
    standing = standing_witnesses()
    if checkpoint.log != Log.PUBLIC:
        return standing
    return [one for one in standing if one.added.idx < checkpoint.size]


class Watcher(NamedTuple):
    """A witness, and what it signed last of the public log; None before it did."""

    witness: Witness
    last: Cosignature | None


def watchers() -> list[Watcher]:
    """Every standing witness in the order they were added: three statements."""
    last: dict[int, Cosignature] = {}
    kept = Cosignature.objects.filter(checkpoint__log=Log.PUBLIC).select_related("checkpoint")
    for one in kept.order_by("signed_at"):
        last[one.witness_id] = one
    return [Watcher(one, last.get(one.pk)) for one in standing_witnesses()]


def monthly_checkpoints(months: int = 12) -> list[Checkpoint]:
    """The first checkpoint of each month, newest first: those whose words hang on noticeboards."""
    of_month = Checkpoint.objects.filter(log=Log.PUBLIC).annotate(month=TruncMonth("signed_at"))
    firsts = of_month.values("month").annotate(first=Min("size")).order_by("-month")[:months]
    sizes = [row["first"] for row in firsts]
    return list(Checkpoint.objects.filter(log=Log.PUBLIC, size__in=sizes).order_by("-size"))


class _Holds(Func):
    """Whether bytes stand in other bytes, as the database finds them without reading them out."""

    function = "instr"
    template = "%(function)s(%(expressions)s) > 0"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        turned = self.copy()
        turned.set_source_expressions(self.get_source_expressions()[::-1])
        return turned.as_sql(compiler, connection, function="position", arg_joiner=" IN ", **more)


# So many marks in one statement: SQLite nests each in the one before it, to a depth of 1,000.
_MARKS = 200


def leaves_holding(marks: Iterable[bytes]) -> Iterator[Leaf]:
    """Leaves of both logs in whose bytes any of `marks` stands, found by the database; none is
    parsed. Whoever asks looks closer, as a mark may stand anywhere, and may find one twice."""
    wanted = sorted(set(marks))
    for first in range(0, len(wanted), _MARKS):
        some = wanted[first : first + _MARKS]
        held = [_Holds(F("body"), Value(mark, output_field=BinaryField())) for mark in some]
        yield from Leaf.objects.filter(reduce(or_, map(Q, held))).order_by("log", "idx")
