"""Where the people who run a round work on it: rooms and the site say which pages, here they meet.

    @working.register
    def pages_of_voting(rounds: Sequence[Round], kinds: Collection[str]) -> Mapping[int, list[Page]]

`kinds` are the roles that the reader holds at the place: nobody is led to a page that refuses them.
Each source takes all rounds of a list at once, in a constant number of SQL statements.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import roles_on
from doorstep.apps.rounds.models import Round


@dataclass(frozen=True)
class Page:
    """One working page that fits where the round stands."""

    name: str
    url: str


Source = Callable[[Sequence[Round], Collection[str]], Mapping[int, Sequence[Page]]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Ask `source` wherever working pages are listed; registering it again changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def pages_of(rounds: Sequence[Round], reader: object) -> dict[int, list[Page]]:
    """{round: its working pages for this reader}. The rounds are of one place, with their Terms."""
    found: dict[int, list[Page]] = {round_.pk: [] for round_ in rounds}
    if not rounds or not isinstance(reader, Account):
        return found
    here = {None, rounds[0].place_id}
    roles = roles_on(reader, timezone.localdate())
    kinds = {role.kind for role in roles if role.place_id in here}
    for source in _sources:
        for pk, pages in source(rounds, kinds).items():
            found[pk] += pages
    return found
