"""Reads of the record that pages, commands and other rooms share."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from doorstep.engine.seal.leaf import is_commitment

from .models import Log, LogHead, Wording


def size(log: str = Log.PUBLIC) -> int:
    """How many leaves a log holds: one statement."""
    return LogHead.objects.values_list("size", flat=True).get(log=log)


def last_link(log: str = Log.PUBLIC) -> str:
    """The last link of a log's chain, in hex: one statement. It stands for all that was written.

    Public pages are functions of it. The size alone would not do: a database restored, or laid
    anew, reaches the same size with other leaves.
    """
    return bytes(LogHead.objects.values_list("chain", flat=True).get(log=log)).hex()


def commitments_in(value: object) -> set[str]:
    """Every commitment to words that stands anywhere in a leaf's body."""
    if isinstance(value, dict):
        return commitments_in(list(value.values()))
    if isinstance(value, list):
        return set().union(*(commitments_in(item) for item in value))
    return {value} if isinstance(value, str) and is_commitment(value) else set()


Hidden = Callable[[set[str]], set[str]]
_hiders: list[Hidden] = []


def hides(hider: Hidden) -> Hidden:
    """Register a room's answer to: which of these commitments are of words that it hides now?

    Hidden words stay kept, and a leaf still commits to them; the pages of the record do not show
    them, as no other page does. Asked only where there are commitments.
    """
    if hider not in _hiders:
        _hiders.append(hider)
    return hider


def hidden_among(commitments: set[str]) -> set[str]:
    """Those of these commitments whose words are hidden now."""
    return set().union(*(hider(commitments) for hider in _hiders)) if commitments else set()


def words_for(bodies: Iterable[object]) -> Callable[[str], str]:
    """A reader of the words that these leaves commit to: one statement, and one of each room that
    hides words, however many there are."""
    wanted = commitments_in(list(bodies))
    kept = (
        dict(Wording.objects.filter(commitment__in=wanted).values_list("commitment", "text"))
        if wanted
        else {}
    )
    hidden = hidden_among(wanted)

    def read(commitment: str) -> str:
        if commitment in hidden:
            return _("(words hidden)")
        return kept.get(commitment) or _("(words erased)")

    return read
