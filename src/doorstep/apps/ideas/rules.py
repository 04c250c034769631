"""Pure questions about ideas: what may happen next, who may answer, and why not."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ideas.models import IdeaState, StepKind, Theme
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused

LONGEST = {"title": 80, "what": 2_000, "reason": 2_000, "rule_words": 500, "changes": 1_000}
LONGEST_SUM = 20
LARGEST_SUM = 10**12  # a hundred times more pence than the whole fund of the country

NEIGHBOUR_WORDS = {
    IdeaState.PROPOSED: gettext_lazy("being checked"),
    IdeaState.POSSIBLE: gettext_lazy("checked: it can go on the ballot"),
    IdeaState.NOT_POSSIBLE: gettext_lazy("not possible as written"),
    IdeaState.REVIEW: gettext_lazy("being looked at a second time"),
    IdeaState.ON_BALLOT: gettext_lazy("on the ballot"),
    IdeaState.RETIRED: gettext_lazy("retired for another idea"),
    IdeaState.WITHDRAWN: gettext_lazy("taken back by its author"),
}
TONES = {
    IdeaState.PROPOSED: "waiting",
    IdeaState.POSSIBLE: "good",
    IdeaState.NOT_POSSIBLE: "stopped",
    IdeaState.REVIEW: "waiting",
    IdeaState.ON_BALLOT: "good",
    IdeaState.RETIRED: "plain",
    IdeaState.WITHDRAWN: "plain",
}

LIVE = frozenset({IdeaState.PROPOSED, IdeaState.POSSIBLE, IdeaState.NOT_POSSIBLE, IdeaState.REVIEW})
# Each step: the states it starts from. The seals in `sql/` hold the same list, with where it leads.
STARTS_FROM: dict[StepKind, frozenset[IdeaState]] = {
    StepKind.CHANGED: LIVE - {IdeaState.REVIEW},
    StepKind.ANSWERED: frozenset({IdeaState.PROPOSED}),
    StepKind.REVIEW_ASKED: frozenset({IdeaState.POSSIBLE, IdeaState.NOT_POSSIBLE}),
    StepKind.REVIEW_ANSWERED: frozenset({IdeaState.REVIEW}),
    StepKind.RETIRED: LIVE,
    StepKind.WITHDRAWN: LIVE | {IdeaState.ON_BALLOT},
    StepKind.HIDDEN: frozenset(IdeaState) - {IdeaState.ON_BALLOT},
    StepKind.HIDING_QUESTIONED: frozenset(IdeaState) - {IdeaState.ON_BALLOT},
    StepKind.HIDING_KEPT: frozenset(IdeaState) - {IdeaState.ON_BALLOT},
    StepKind.SHOWN: frozenset(IdeaState) - {IdeaState.ON_BALLOT},
    StepKind.ERASED: frozenset(IdeaState),
    StepKind.ON_BALLOT: frozenset({IdeaState.POSSIBLE}),
}
# What cannot happen while the words are hidden, and what only can then.
NOT_WHILE_HIDDEN = frozenset(
    {
        StepKind.ANSWERED,
        StepKind.REVIEW_ANSWERED,
        StepKind.CHANGED,
        StepKind.ON_BALLOT,
        StepKind.HIDDEN,
    }
)
ONLY_WHILE_HIDDEN = frozenset(
    {StepKind.HIDING_QUESTIONED, StepKind.HIDING_KEPT, StepKind.SHOWN, StepKind.ERASED}
)


def refuse_step(kind: StepKind, state: str, hidden: bool, number: int) -> None:
    """Every step has states that it starts from; the sentence says where the idea stands."""
    if IdeaState(state) not in STARTS_FROM[kind]:
        raise Refused(
            _("This does not fit idea %(number)s any more: it is %(standing)s.")
            % {"number": number, "standing": NEIGHBOUR_WORDS[IdeaState(state)]},
            code=f"idea_is_{state}",
        )
    if hidden and kind in NOT_WHILE_HIDDEN:
        raise Refused(
            _("The words of idea %(number)s are hidden. Decide first whether they are shown again.")
            % {"number": number},
            code="idea_is_hidden",
        )
    if not hidden and kind in ONLY_WHILE_HIDDEN:
        raise Refused(
            _("The words of idea %(number)s are not hidden.") % {"number": number},
            code="idea_is_not_hidden",
        )


def window(begins: date, until: date, today: date) -> str:
    """Where a day stands to the days on which ideas are taken: "before", "open" or "over"."""
    if today < begins:
        return "before"
    return "open" if today <= until else "over"


def refuse_outside(begins: date, until: date, today: date) -> None:
    """Ideas are taken from one day up to another, both included."""
    where = window(begins, until, today)
    if where == "before":
        raise Refused(
            _("Ideas are taken from %(day)s. Come back then.") % {"day": said_day(begins)},
            code="ideas_not_open",
        )
    if where == "over":
        raise Refused(
            _("Ideas were taken until %(day)s. Keep yours for the next round.")
            % {"day": said_day(until)},
            code="ideas_over",
        )


def plain_text(text: str, name: str) -> str:
    """What somebody typed, without the characters that no keyboard types; refuses empty or long.

    Line breaks stay in long texts. Characters that turn the direction of a line are dropped: with
    them a text could be made to read as another.
    """
    limit = LONGEST[name]
    keep = "\n" if limit > 100 else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        c if c in keep or c.isprintable() else " " if c.isspace() else ""
        for c in unicodedata.normalize("NFC", text)
    )
    kept = re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", kept)).strip()
    if not any(c.isalnum() for c in kept):
        raise Refused(_("Write at least one word here."), code="words_empty")
    if len(kept) > limit:
        raise Refused(
            _("This is %(length)s characters long; at most %(limit)s fit.")
            % {"length": f"{len(kept):,}", "limit": f"{limit:,}"},
            code="words_long",
        )
    return kept


_SUM = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?(k)?")


def read_sum(text: str) -> int | None:
    """Pence of a sum as people write it ("£1,800", "1800.50", "2k"), or None where none was given.

    Raises Refused for what is not a sum: a guess would be somebody's wrong cost.
    """
    if not text.strip():
        return None
    bare = text.strip().lower().removeprefix("about").replace(" ", "").replace("\u00a3", "")
    found = _SUM.fullmatch(bare) if bare.isascii() and len(bare) <= LONGEST_SUM else None
    if found is None:
        raise Refused(
            _("We could not read this as a sum of money. Write it in pounds, such as 1,800."),
            code="sum_unreadable",
        )
    whole, part, thousands = found.groups()
    pence = int(whole.replace(",", "")) * 100 + int((part or "0").ljust(2, "0"))
    pence *= 1000 if thousands else 1
    if not 0 < pence <= LARGEST_SUM:
        raise Refused(
            _("Write a sum of more than nothing, and of no more than %(most)s.")
            % {"most": pounds(LARGEST_SUM)},
            code="sum_out_of_range",
        )
    return pence


def written_tags(tags: Iterable[str]) -> str:
    """Themes as one column keeps them, in the order of `Theme`; refuses an unknown one."""
    wanted = set(tags)
    if wanted - set(Theme.values):
        raise Refused(_("Choose themes from the list."), code="theme")
    return ",".join(["", *(tag for tag in Theme.values if tag in wanted), ""])


def refuse_cost(pence: int | None, pot_pence: int) -> int:
    """A cost that goes on a ballot is a sum, and fits into the pot."""
    if pence is None:
        raise Refused(_("Write what it would cost, in pounds."), code="cost_missing")
    if pence > pot_pence:
        raise Refused(
            _(
                "This costs %(cost)s and the whole pot is %(pot)s, so it could never be funded. "
                "Answer “not possible as written”, and say what a smaller one could be."
            )
            % {"cost": pounds(pence), "pot": pounds(pot_pence)},
            code="cost_over_pot",
        )
    return pence


def refuse_own(account: int, typed_in_by: int | None, is_author: bool) -> None:
    """Whoever proposed an idea, or typed it in, never answers it."""
    if is_author:
        raise Refused(
            _("This is your own idea, so somebody else answers it."), code="checker_is_author"
        )
    if account == typed_in_by:
        raise Refused(
            _("You typed this idea in for somebody, so somebody else answers it."),
            code="checker_typed_it_in",
        )


def refuse_same(account: int, before: Collection[int]) -> None:
    """A second look needs a second pair of eyes."""
    if account in before:
        raise Refused(
            _("You gave the first answer, so somebody else takes the second look."),
            code="same_checker",
        )


def refuse_late_change(state: str, today: date, ideas_until: date, checked_by: date) -> None:
    """Words may change while the check goes on; of a checked idea only while ideas are taken."""
    last = ideas_until if state == IdeaState.POSSIBLE else checked_by
    if today > last:
        raise Refused(
            _("Words could be changed until %(day)s.") % {"day": said_day(last)},
            code="change_late",
        )
