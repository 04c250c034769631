"""Ballot papers as PDF: normal, large print or easy read, each with a slip to tear off."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.printing import Sheet
from doorstep.apps.rounds.models import Project, Round
from doorstep.apps.voting import choices
from doorstep.apps.voting.actions.paper import PrintedStack
from doorstep.apps.voting.models import Print


def papers_pdf(printed: PrintedStack, ideas: Sequence[Project]) -> bytes:
    """Every paper of a stack, each beginning on its own page. The words are in its language."""
    stack = printed.stack
    language = "cy" if stack.language == "cy" else "en-gb"
    question = choices.question_of(stack.round)
    with translation.override(language):
        sheet = Sheet(
            language,
            _("Ballot paper"),
            large=stack.look != Print.NORMAL,
            numbered=False,
        )
        for number, tracker in enumerate(printed.trackers, start=1):
            if number > 1:
                sheet.new_page()
            _paper(sheet, stack.round, question, ideas, stack.look)
            _foot(sheet, stack.number, number, tracker)
        return sheet.bytes()


def _paper(
    sheet: Sheet, round_: Round, question: choices.Question, ideas: Sequence[Project], look: str
) -> None:
    sheet.heading(round_.title.text or round_.slug)
    if look == Print.EASY:
        for line in _easy(question):
            sheet.paragraph(line)
    else:
        sheet.paragraph(_how(question))
    sheet.boxes(
        [
            f"{number}. {idea.name.text or idea.code} – {pounds(idea.cost_pence)}"
            for number, idea in enumerate(ideas, start=1)
        ]
    )
    sheet.paragraph(_("Do not write your name on this paper."), bold=True)


def _how(question: choices.Question) -> str:
    """How to fill it in, in one or two sentences."""
    if question.kind == "ordinal":
        return _(
            "Write 1 in the box of the idea you like best, 2 in the next, and so on. Stop where "
            "you like."
        )
    if question.kind == "cumulative":
        return _(
            "You have %(points)s points. Write in each box how many you give it. Leave a box "
            "empty to give none."
        ) % {"points": question.points}
    if question.maximum is None:
        return _("Tick every idea you support, at least %(least)s.") % {"least": question.minimum}
    return _("Tick the ideas you support: at least %(least)s and at most %(most)s.") % {
        "least": question.minimum,
        "most": question.maximum,
    }


def _easy(question: choices.Question) -> list[str]:
    """The same in short lines, one thought in each."""
    lines = [_("This is a vote."), _("You choose what the money is for.")]
    if question.kind == "ordinal":
        lines += [_("Write 1 next to your favourite."), _("Write 2 next to your second choice.")]
    elif question.kind == "cumulative":
        lines += [
            _("You have %(points)s points.") % {"points": question.points},
            _("Write points next to what you like."),
        ]
    else:
        lines += [_("Put a tick next to what you like.")]
        if question.minimum > 1:
            lines += [_("Tick at least %(least)s.") % {"least": question.minimum}]
        if question.maximum is not None:
            lines += [_("Tick no more than %(most)s.") % {"most": question.maximum}]
    return [*lines, _("Somebody may help you. You decide.")]


def _foot(sheet: Sheet, stack: int, number: int, tracker: str) -> None:
    """The paper's own number and tracker, then the slip that its voter keeps."""
    sheet.small(
        _("Stack %(stack)s, paper %(number)s. Tracker: %(tracker)s")
        % {"stack": stack, "number": number, "tracker": tracker}
    )
    sheet.rule()
    sheet.paragraph(_("Tear off and keep this slip."), bold=True)
    sheet.big(tracker, 18.0)
    sheet.small(
        _(
            "With these words you can find your own ballot among the published ones after the "
            "count. They do not say who you are. Show them to nobody."
        )
    )
