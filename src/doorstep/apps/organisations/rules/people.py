"""Whether two people who are not tied to each other speak for a group: worked out, never ticked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.utils.translation import gettext as _

from doorstep.apps.people.rules import Answer


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks for a group: the account's number, since when, and the last day on
    which they said whom of the others they are tied to (None: never)."""

    account: int
    since: date
    said_on: date | None


@dataclass(frozen=True)
class Tied:
    """Two accounts that are not strangers; whoever of them said so."""

    one: int
    other: int
    household: bool


def two_unrelated(speakers: Sequence[Speaker], ties: Iterable[Tied]) -> Answer:
    """Whether two of them neither live together, nor are related, nor do business together.

    Living together reaches on: whoever lives with somebody who lives with a third lives with the
    third. Silence proves nothing, so a pair counts only when both have said whom they are tied
    to, and one of them after both were there.
    """
    people = {speaker.account: speaker for speaker in speakers}
    if len(people) < 2:
        return Answer(False, _("Fewer than two people speak for the group. Name a second one."))
    related = _pairs(ties)
    apart = [
        (people[a], people[b])
        for a, b in combinations(sorted(people), 2)
        if frozenset((a, b)) not in related
    ]
    if not apart:
        return Answer(
            False,
            _(
                "Everybody who speaks for the group lives with, is related to or does business "
                "with the others. Name somebody who is not."
            ),
        )
    if any(_both_said(one, other) for one, other in apart):
        return Answer(
            True, _("Two people who are not related and do not live together speak for the group.")
        )
    return Answer(
        False,
        _(
            "Not everybody has said whom of the others they are related to or live with. Each "
            "says it once, on the passport’s page of people."
        ),
    )


def _both_said(one: Speaker, other: Speaker) -> bool:
    if one.said_on is None or other.said_on is None:
        return False
    return max(one.said_on, other.said_on) >= max(one.since, other.since)


def _pairs(ties: Iterable[Tied]) -> set[frozenset[int]]:
    """Every pair that is tied, with households closed over those who share them."""
    related: set[frozenset[int]] = set()
    homes: dict[int, set[int]] = {}
    for tie in ties:
        related.add(frozenset((tie.one, tie.other)))
        if tie.household:
            home = homes.get(tie.one, {tie.one}) | homes.get(tie.other, {tie.other})
            homes.update(dict.fromkeys(home, home))
    for home in homes.values():
        related.update(frozenset(pair) for pair in combinations(sorted(home), 2))
    return related
