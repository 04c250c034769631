"""What the acts of starts, plans, agreements and learning share: words that must be there, the
decision or the reason why there is none, and whose side somebody signs for."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import AgendaItem, ItemDecision, Outcome, Partnership
from doorstep.apps.partnerships.rules.meetings import plain_words
from doorstep.apps.partnerships.rules.plans import LONGEST_WORDS
from doorstep.apps.record.actions import keep_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording
from doorstep.apps.refused import Refused

Side = TypeVar("Side")


class Signed(Protocol):
    """A signature, by its account."""

    account_id: int


def required_words(text: str, most: int, say: str) -> Wording:
    """The words, kept; where there are none, Refused with what to `say`. `most` characters."""
    words = plain_words(text, most)
    if not words:
        raise Refused(say, code="words")
    return keep_words(words)


def decided_or_explained(
    decision: ItemDecision | None, why: str, partnership: Partnership, say: str
) -> Wording | None:
    """The words of `why` where no meeting decided. What a meeting without its quorum or residents
    came to is no decision, so it is refused like none."""
    if decision is None:
        return required_words(why, LONGEST_WORDS, say)
    if not carried_by(decision, partnership):
        raise Refused(
            _("No meeting with its quorum agreed to this item. Choose one that was agreed."),
            code="not_carried",
        )
    return None


def carried_by(decision: ItemDecision, partnership: Partnership) -> bool:
    """Whether a meeting of the partnership agreed to an item that gives no money by itself."""
    item = decision.item
    return (
        decision.outcome == Outcome.CARRIED
        and item.kind == AgendaItem.Kind.MATTER
        and item.meeting.partnership_id == partnership.pk
    )


def side_of(actor: Actor, sides: Mapping[str, Side], say: str) -> tuple[Side, int]:
    """The side for which somebody signs by the role they act in, and their account."""
    side = sides.get(actor.kind)
    if side is None or not isinstance(actor.id, int):
        raise Refused(say, code="side")
    return side, actor.id


def refuse_same_hand(signed: Iterable[Signed], account: int, say: str) -> None:
    """Both sides by one hand are refused: it takes two people."""
    if any(one.account_id == account for one in signed):
        raise Refused(say, code="alone")
