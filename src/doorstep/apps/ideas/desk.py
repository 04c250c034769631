"""What ideas put on a desk, and what a freeze waits for."""

from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.ideas.actions import put_on_ballot
from doorstep.apps.ideas.models import Idea, IdeaState
from doorstep.apps.ideas.queries import open_questions, unanswered
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.rounds.freezing import Missing, before_freeze, fills_ballot
from doorstep.apps.rounds.models import Round, RoundState, Terms

CHECKERS = {Role.Kind.WORKER, Role.Kind.COUNCIL_OFFICER, Role.Kind.PARTNERSHIP_MEMBER}


def _mine(account: Account, kinds: set, today: date) -> Q | None:
    """Where this account holds one of `kinds`: a condition on rounds; None for nowhere."""
    roles = [role for role in roles_on(account, today) if role.kind in kinds]
    if not roles:
        return None
    if any(role.place_id is None for role in roles):
        return Q()
    return Q(round__place__in={role.place_id for role in roles})


@desk.register
def ideas_to_check(account: Account) -> list[desk.DeskItem]:
    """Rounds with ideas that wait for an answer, by the day on which it was promised."""
    mine = _mine(account, CHECKERS, timezone.localdate())
    if mine is None:
        return []
    rows = (
        Idea.objects.filter(
            mine, state__in=[IdeaState.PROPOSED, IdeaState.REVIEW], hidden=False,
            round__state=RoundState.DRAFT,
        )
        .order_by()
        .values("round__slug", "round__title__text", "round__terms__checked_by")
        .annotate(n=Count("pk"), first=Min("number"), reviews=Count("pk", filter=Q(state="review")))
    )  # fmt: skip
    items = [
        desk.DeskItem(
            title=ngettext(
                "Check %(n)s idea in “%(round)s”", "Check %(n)s ideas in “%(round)s”", row["n"]
            )
            % {"n": row["n"], "round": row["round__title__text"]},
            url=reverse("ideas:list", args=[row["round__slug"]]) + "?state=proposed"
            if row["n"] > 1 and row["n"] > row["reviews"]
            else reverse("ideas:check", args=[row["first"]])
            if row["n"] == 1
            else reverse("ideas:list", args=[row["round__slug"]]) + "?state=review",
            text=ngettext(
                "%(n)s author asked for a second look.",
                "%(n)s authors asked for a second look.",
                row["reviews"],
            )
            % {"n": row["reviews"]}
            if row["reviews"]
            else _("The answers stand in public by this day."),
            due=row["round__terms__checked_by"],
        )
        for row in rows
    ]
    questions = [
        desk.DeskItem(
            title=_("Look again at the hidden words of idea %(number)s") % {"number": idea.number},
            url=reverse("ideas:moderate", args=[idea.number]),
            text=_("Its author asked why they were hidden."),
            due=timezone.localdate(),
        )
        for idea in open_questions(mine)
    ]
    return items + questions


@desk.register
def ideas_to_type_in(account: Account) -> list[desk.DeskItem]:
    """Rounds that take ideas now, for whoever types them in for somebody."""
    today = timezone.localdate()
    mine = _mine(account, {Role.Kind.WORKER, Role.Kind.PARTNERSHIP_MEMBER}, today)
    if mine is None:
        return []
    taking = Terms.objects.filter(
        mine, ideas_from__lte=today, ideas_until__gte=today, round__state=RoundState.DRAFT
    ).select_related("round__title")
    return [
        desk.DeskItem(
            title=_("Type in an idea for “%(round)s”") % {"round": terms.round.title.text},
            url=reverse("ideas:type-in", args=[terms.round.slug]),
            text=_("For somebody beside you or on the phone."),
        )
        for terms in taking
    ]


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
        for idea in open_questions([round_.pk])
    ]
    return [*waiting, *questions]


fills_ballot(put_on_ballot)
