"""How leaves are told in plain words. Each room registers its own in its `sentences.py`.

    @tells("place.opened", group=_("Places"))
    def opened(body, words):
        return _("%(place)s joined.") % {"place": body["place"]}

`words(commitment)` gives the words that a leaf commits to, or says that they were erased.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Body = Mapping[str, Any]
Words = Callable[[str], str]
Telling = Callable[[Body, Words], str]

_tellings: dict[str, Telling] = {}
_groups: dict[str, str | Promise] = {}


def tells(kind: str, *, group: str | Promise | None = None) -> Callable[[Telling], Telling]:
    """Register the sentence for leaves of `kind`; `group` names all kinds before its dot."""

    def keep(telling: Telling) -> Telling:
        _tellings[kind] = telling
        if group is not None:
            _groups[kind.split(".")[0]] = group
        return telling

    return keep


def sentence(kind: str, body: Body, words: Words) -> str:
    """One sentence for a leaf; an unknown or older form of leaf still reads plainly."""
    telling = _tellings.get(kind)
    if telling is not None:
        try:
            return str(telling(body, words))
        except (KeyError, TypeError, ValueError, IndexError):
            pass  # A leaf of an older form: it stays for ever, so it must always be readable.
    room, _dot, event = kind.partition(".")
    return _("%(group)s: %(event)s.") % {
        "group": group_name(room),
        "event": event.replace("_", " "),
    }


def group_name(room: str) -> str:
    """The heading that a neighbour sees for all kinds of one room."""
    return str(_groups.get(room, room.replace("_", " ").capitalize()))


def groups() -> Iterable[tuple[str, str]]:
    """(room, heading) of every room that tells its leaves, by heading."""
    return sorted(((room, str(name)) for room, name in _groups.items()), key=lambda pair: pair[1])


@tells("words.erased", group=gettext_lazy("Words erased"))
def _words_erased(body: Body, words: Words) -> str:
    return _("Words in the record were erased. Reason: %(reason)s") % {
        "reason": words(body["reason"])
    }
