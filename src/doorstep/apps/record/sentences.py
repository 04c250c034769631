"""How leaves are told in plain words. Each room registers its own in its `sentences.py`.

    @tells("place.opened", group=_("Places"))
    def opened(body, words):
        return _("%(place)s joined.") % {"place": body["place"]}

`words(commitment)` gives the words that a leaf commits to, or says that they were erased. A leaf
names places and rounds by their permanent ids; a room says what people call them:

    @names("place")
    def _names(slugs):
        return dict(Place.objects.filter(slug__in=slugs).values_list("slug", "name"))
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Body = Mapping[str, Any]
Words = Callable[[str], str]
Telling = Callable[[Body, Words], str]
Namer = Callable[[set[str]], Mapping[str, str]]

_tellings: dict[str, Telling] = {}
_groups: dict[str, str | Promise] = {}
_namers: dict[str, Namer] = {}


def tells(kind: str, *, group: str | Promise | None = None) -> Callable[[Telling], Telling]:
    """Register the sentence for leaves of `kind`; `group` names all kinds before its dot."""

    def keep(telling: Telling) -> Telling:
        _tellings[kind] = telling
        if group is not None:
            _groups[kind.split(".")[0]] = group
        return telling

    return keep


def names(field: str) -> Callable[[Namer], Namer]:
    """Register who knows the names of what leaves hold under `field` by its permanent id."""

    def keep(namer: Namer) -> Namer:
        _namers[field] = namer
        return namer

    return keep


def called(field: str, ids: set[str]) -> Mapping[str, str]:
    """{id: name} of those ids that their room knows; it is asked once, or not at all for none."""
    return _namers[field](ids) if ids and field in _namers else {}


def with_names(bodies: Sequence[Body]) -> list[Body]:
    """The bodies with names where ids stood: one question to each room, however many bodies."""
    told = [dict(body) for body in bodies]
    for field in _namers:
        named = called(field, {b[field] for b in bodies if isinstance(b.get(field), str)} - {""})
        for body in told:
            if body.get(field) in named:
                body[field] = named[body[field]]
    return list(told)


def sentence(kind: str, body: Body, words: Words) -> str:
    """One sentence for a leaf; an unknown or older form of leaf still reads plainly."""
    telling = _tellings.get(kind)
    if telling is not None:
        try:
            return str(telling(body, words))
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
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


@tells("witness.added", group=gettext_lazy("Witnesses"))
def _witness_added(body: Body, words: Words) -> str:
    return _("%(witness)s keeps watch over the record from now on.") % {"witness": body["witness"]}


@tells("record.tail_recovered", group=gettext_lazy("The record"))
def _tail_recovered(body: Body, words: Words) -> str:
    return _(
        "A restore had lost lines %(first)s to %(last)s of the record. They were brought back as "
        "they were published. What stood beside %(without)s of them is lost."
    ) % {"first": body["from"], "last": body["to"] - 1, "without": body["without_rows"]}


@tells("witness.removed")
def _witness_removed(body: Body, words: Words) -> str:
    return _("%(witness)s no longer keeps watch over the record.") % {"witness": body["witness"]}
