"""What ideas put on a desk, and what a freeze waits for."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.ideas.actions import put_on_ballot
from doorstep.apps.ideas.models import Idea, IdeaState
from doorstep.apps.ideas.queries import open_questions, unanswered
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.models import Role
from doorstep.apps.rounds.freezing import Missing, before_deleting, before_freeze, fills_ballot
from doorstep.apps.rounds.models import Round, RoundState, Terms

CHECKERS = {Role.Kind.WORKER, Role.Kind.COUNCIL_OFFICER, Role.Kind.PARTNERSHIP_MEMBER}
TYPES_IN = {Role.Kind.WORKER, Role.Kind.PARTNERSHIP_MEMBER}


def _to_check(owner: Owner) -> QuerySet[Idea] | None:
    mine = owner.where(CHECKERS, "round__place")
    if mine is None:
        return None
    waiting = Idea.objects.filter(
        mine, state__in=[IdeaState.PROPOSED, IdeaState.REVIEW], hidden=False,
        round__state=RoundState.DRAFT,
    )  # fmt: skip
    counted = (
        waiting.order_by()
        .values("round__slug", "round__title__text", "round__terms__checked_by")
        .annotate(n=Count("pk"), first=Min("number"), reviews=Count("pk", filter=Q(state="review")))
    )
    return desk.row(
        counted, slug="round__slug", title="round__title__text", n="n", first="first",
        reviews="reviews", due="round__terms__checked_by",
    )  # fmt: skip


@desk.each(_to_check)
def ideas_to_check(row: Row, owner: Owner) -> Iterator[Told]:
    """Rounds with ideas that wait for an answer, by the day on which it was promised."""
    reviews = ngettext(
        "%(n)s author asked for a second look.",
        "%(n)s authors asked for a second look.",
        row["reviews"],
    )
    yield desk.DeskItem(
        title=ngettext(
            "Check %(n)s idea in “%(round)s”", "Check %(n)s ideas in “%(round)s”", row["n"]
        )
        % {"n": row["n"], "round": row["title"]},
        url=_list_of(row),
        text=reviews % {"n": row["reviews"]}
        if row["reviews"]
        else _("The answers stand in public by this day."),
        due=date.fromisoformat(row["due"]),
    )


def _list_of(row: Row) -> str:
    """One idea is opened; of more, those of the kind that waits."""
    if row["n"] == 1:
        return reverse("ideas:check", args=[row["first"]])
    state = "proposed" if row["n"] > row["reviews"] else "review"
    return reverse("ideas:list", args=[row["slug"]]) + f"?state={state}"


def _questions(owner: Owner) -> QuerySet[Idea] | None:
    mine = owner.where(CHECKERS, "round__place")
    return None if mine is None else desk.row(open_questions(mine), number="number")


@desk.each(_questions)
def hidden_words(row: Row, owner: Owner) -> Iterator[Told]:
    """Ideas whose author asked why their words were hidden."""
    yield desk.DeskItem(
        title=_("Look again at the hidden words of idea %(number)s") % row,
        url=reverse("ideas:moderate", args=[row["number"]]),
        text=_("Its author asked why they were hidden."),
        due=owner.today,
    )


def _taking(owner: Owner) -> QuerySet[Terms] | None:
    mine = owner.where(TYPES_IN, "round__place")
    if mine is None:
        return None
    taking = Terms.objects.filter(
        mine, ideas_from__lte=owner.today, ideas_until__gte=owner.today,
        round__state=RoundState.DRAFT,
    )  # fmt: skip
    return desk.row(taking, slug="round__slug", round="round__title__text")


@desk.each(_taking)
def ideas_to_type_in(row: Row, owner: Owner) -> Iterator[Told]:
    """Rounds that take ideas now, for whoever types them in for somebody."""
    yield desk.DeskItem(
        title=_("Type in an idea for “%(round)s”") % row,
        url=reverse("ideas:type-in", args=[row["slug"]]),
        text=_("For somebody beside you or on the phone."),
    )


@before_freeze
def ideas_unanswered(round_: Round) -> list[str]:
    """Each idea that waits for its answer or its second look, and each open question."""
    waiting = [
        Missing(
            _("Idea %(number)s waits for its second look: %(title)s")
            % {"number": idea.number, "title": idea.title.text}
            if idea.state == IdeaState.REVIEW
            else _("Idea %(number)s has no answer yet: %(title)s")
            % {"number": idea.number, "title": idea.title.text},
            reverse("ideas:check", args=[idea.number]),
        )
        for idea in unanswered(round_)
    ]
    questions = [
        Missing(
            _("The author of idea %(number)s asked why its words are hidden.")
            % {"number": idea.number},
            reverse("ideas:moderate", args=[idea.number]),
        )
        for idea in open_questions(Q(round=round_))
    ]
    return [*waiting, *questions]


@before_deleting
def somebody_is_owed_an_answer(round_: Round) -> Iterable[str]:
    """Whoever proposed an idea hears what becomes of it."""
    if Idea.objects.filter(round=round_).exists():
        yield _(
            "Somebody has already proposed an idea for this round, and is owed an answer, so "
            "it cannot be deleted. You can still change it."
        )


fills_ballot(put_on_ballot)
