"""Ballots on paper: printed, keyed twice by two people, signed off stack by stack.

Nothing is keyed before voting has ended, so that nobody can add up what is on paper until then.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.voting import choices, paper, trackers
from doorstep.apps.voting.actions.casting import question_now
from doorstep.apps.voting.models import (
    Keying,
    PaperSheet,
    PaperStack,
    Poll,
    PollState,
    Print,
    StackCount,
)
from doorstep.apps.voting.models.paper import SHEETS_AT_MOST


@dataclass(frozen=True)
class PrintedStack:
    """A stack with its trackers in clear. They are in memory for this one printing, and nowhere
    else: what is kept are their hashes."""

    stack: PaperStack
    trackers: list[str]


@transaction.atomic
def print_stack(
    round_: Round, *, sheets: int, look: str, language: str, actor: Actor
) -> PrintedStack:
    """Make a numbered stack of ballot papers. The caller prints them at once; there is no second
    chance, but a further stack can be made."""
    lock_head()
    round_ = Round.objects.select_related("terms").get(pk=round_.pk)
    poll = Poll.objects.filter(round=round_).first()
    if round_.state != RoundState.FROZEN or poll is None:
        raise Refused(
            _("Ballot papers are printed when the rules are fixed. Freeze the round first."),
            code="not_frozen",
        )
    if poll.state not in (PollState.PREPARED, PollState.OPEN):
        raise Refused(
            _("Voting has ended, so no more ballot papers are printed."), code="voting_ended"
        )
    if not 1 <= sheets <= SHEETS_AT_MOST:
        raise Refused(
            _("Print between 1 and %(most)s papers at a time.") % {"most": SHEETS_AT_MOST},
            code="stack_size",
        )
    if look not in Print.values or language not in round_.terms.languages:
        raise Refused(
            _("Choose a kind of ballot paper and one of the languages of this round."),
            code="stack_look",
        )
    number = PaperStack.objects.filter(round=round_).count() + 1
    made = [trackers.new() for _sheet in range(sheets)]
    leaf = write_leaf(
        "voting.stack_printed",
        {
            "round": round_.slug,
            "stack": number,
            "sheets": sheets,
            "look": look,
            "language": language,
            "actor": actor.as_leaf(),
        },
    )
    stack = PaperStack.objects.create(
        round=round_,
        number=number,
        look=look,
        language=language,
        sheets_printed=sheets,
        leaf=leaf,
    )
    PaperSheet.objects.bulk_create(
        PaperSheet(stack=stack, number=place, tracker_hash=paper.tracker_hash(round_.slug, tracker))
        for place, tracker in enumerate(made, start=1)
    )
    return PrintedStack(stack, made)


@transaction.atomic
def key_sheet(
    stack: PaperStack,
    number: int,
    *,
    tracker: str,
    marks: str,
    spoilt: bool,
    keyer: Account,
) -> Keying:
    """Key one whole ballot off one paper. `marks` is what the keyer typed, such as `1 4 7`.

    The tracker proves that it is this paper. Keyed twice by one person, the second replaces the
    first, until two people agree.
    """
    lock_head()
    stack = PaperStack.objects.select_related("round__terms").get(pk=stack.pk)
    _refuse_unless_ended(stack.round)
    if stack.signed_id is not None:
        raise Refused(
            _("This stack is signed off. Nothing in it can change any more."), code="stack_signed"
        )
    sheet = PaperSheet.objects.filter(stack=stack, number=number).first()
    if sheet is None:
        raise Refused(
            _("There is no paper %(number)s in this stack. Look at the number at its foot.")
            % {"number": number},
            code="no_such_paper",
        )
    typed = trackers.as_typed(tracker)
    if bytes(sheet.tracker_hash) != paper.tracker_hash(stack.round.slug, typed):
        raise Refused(
            _(
                "That is not the tracker of paper %(number)s. Read the four words and the two "
                "figures at its foot again; if they are right, check the number."
            )
            % {"number": number},
            code="other_tracker",
        )
    question = question_now(stack.round)
    choice = None if spoilt else choices.sealed_form(question, paper.read_marks(question, marks))
    others = list(sheet.keyings.exclude(keyer=keyer))
    if paper.agreed(others):
        raise Refused(
            _("Two people have keyed paper %(number)s alike. It is done.") % {"number": number},
            code="paper_done",
        )
    keying, _new = Keying.objects.update_or_create(
        sheet=sheet, keyer=keyer, defaults={"tracker": typed, "choice": choice}
    )
    return keying


@transaction.atomic
def count_stack(stack: PaperStack, returned: int, *, counter: Account, actor: Actor) -> PaperStack:
    """Say how many papers of a stack came back. When two people say the same, and every one of
    them is keyed alike by two, the stack is signed off."""
    lock_head()
    stack = PaperStack.objects.select_related("round").get(pk=stack.pk)
    _refuse_unless_ended(stack.round)
    if stack.signed_id is not None:
        return stack
    if not 0 <= returned <= stack.sheets_printed:
        raise Refused(
            _("This stack has %(printed)s papers. Count those that came back once more.")
            % {"printed": stack.sheets_printed},
            code="stack_count",
        )
    StackCount.objects.update_or_create(
        stack=stack, counter=counter, defaults={"returned": returned}
    )
    said = list(stack.counts.values_list("returned", flat=True))
    standing = paper.standing(stack)
    if said.count(returned) < 2:
        return stack
    if standing.open or standing.keyed != returned:
        raise Refused(
            _(
                "Two people counted %(returned)s papers, and %(keyed)s are keyed alike by two "
                "(%(open)s still wait). Key the rest, or count again."
            )
            % {"returned": returned, "keyed": standing.keyed, "open": standing.open},
            code="stack_differs",
        )
    stack.signed = write_leaf(
        "voting.stack_signed",
        {
            "round": stack.round.slug,
            "stack": stack.number,
            "printed": stack.sheets_printed,
            "returned": returned,
            "spoilt": standing.spoilt,
            "keyed_sha256": hashlib.sha256(standing.written).hexdigest(),
            "actor": actor.as_leaf(),
        },
    )
    stack.save(update_fields=["signed"])
    return stack


def _refuse_unless_ended(round_: Round) -> None:
    state = Poll.objects.filter(round=round_).values_list("state", flat=True).first()
    if state != PollState.ENDED:
        raise Refused(
            _(
                "Papers are keyed after voting has ended and before the box is opened, so that "
                "nobody can add them up early."
            ),
            code="not_keying_time",
        )
