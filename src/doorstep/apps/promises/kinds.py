"""What promises are about. Each room says what its own are called and where they lead.

    @about("idea.answer", gettext_lazy("Answer an idea"))
    def _ideas(subjects: Collection[str]) -> dict[str, About]: ...

The function is asked once for all the promises on a page, in a constant number of statements.
What a room does not know (any more) is told by its heading alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy

from doorstep.apps.promises.models import Promise

SPOKEN = "promise.spoken"


@dataclass(frozen=True)
class About:
    """What one promise is about. `title` may stand in public; `work` is where it is kept."""

    title: str
    url: str = ""
    work: str = ""


Teller = Callable[[Collection[str]], Mapping[str, About]]
_tellers: dict[str, Teller] = {}
_headings: dict[str, str | Lazy] = {}
_bodies: dict[str, str] = {}


def about(kind: str, heading: str | Lazy) -> Callable[[Teller], Teller]:
    """Register what promises of a kind are called."""

    def keep(teller: Teller) -> Teller:
        _tellers[kind], _headings[kind] = teller, heading
        return teller

    return keep


def speaks_for(role: str, body: str) -> None:
    """Say that whoever holds a role at a place owes as a body with a name of its own: `body` is
    what a place calls it, such as "partnership"."""
    _bodies[role] = body


def bodies() -> Mapping[str, str]:
    """{role: what a place calls the body for which it speaks}."""
    return dict(_bodies)


def known(kind: str) -> bool:
    return kind == SPOKEN or kind in _headings


def told(promises: Iterable[Promise]) -> dict[int, About]:
    """{promise: what it is about}; each kind is asked once."""
    subjects: dict[str, set[str]] = {}
    kept = list(promises)
    for promise in kept:
        if promise.kind in _tellers:
            subjects.setdefault(promise.kind, set()).add(promise.subject)
    said = {kind: _tellers[kind](wanted) for kind, wanted in subjects.items()}
    return {
        promise.pk: said.get(promise.kind, {}).get(promise.subject) or About(_plain(promise))
        for promise in kept
    }


def _plain(promise: Promise) -> str:
    if promise.words is not None:
        return promise.words.text or ""
    return str(_headings.get(promise.kind, promise.kind))
