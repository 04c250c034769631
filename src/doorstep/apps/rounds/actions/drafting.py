"""What a draft allows. Nothing is public and nothing is set aside, so it writes no leaf."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import keep_words, lock_head
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import defaults, freezing
from doorstep.apps.rounds.actions.steps import locked
from doorstep.apps.rounds.asking import Asking, faults, refuse_faults
from doorstep.apps.rounds.models import Project, Round, RoundState, Secrecy, Terms, VoteType
from doorstep.engine.count import Rule
from doorstep.engine.rulebook import rule as rulebook


@transaction.atomic
def draft_round(
    slug: str,
    place: Place,
    *,
    title: str,
    budget_pence: int,
    vote_type: VoteType,
    rule: Rule,
    is_example: bool = False,
    terms: Asking | None = None,
) -> Round:
    """Begin a round. Nothing is public, and nothing is set aside, until it is frozen.

    With `terms` it is asked of people here; without, it was asked elsewhere (an example).
    """
    round_ = Round.objects.create(
        slug=slug,
        place=place,
        title=keep_words(title),
        budget_pence=budget_pence,
        vote_type=vote_type,
        rule=rule.as_dict(),
        is_example=is_example,
    )
    if terms is not None:
        set_terms(round_, terms)
    return round_


@transaction.atomic
def begin_draft(
    place: Place, *, title: str, budget_pence: int, size: str, expected_voters: int
) -> Round:
    """Begin a live round with everything filled in from the rulebook, to be changed until it is
    frozen. Begun twice in the same words, it is the same draft."""
    lock_head()
    same = Round.objects.filter(
        place=place, state=RoundState.DRAFT, title__text=title, budget_pence=budget_pence
    )
    if begun := same.filter(terms__size=size).first():
        return begun
    today = timezone.localdate()
    start = defaults.suggested(size, today, place.slug, expected_voters)
    stem = defaults.next_slug(place.slug, today.year, set())
    taken = set(Round.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return draft_round(
        defaults.next_slug(place.slug, today.year, taken),
        place,
        title=title,
        budget_pence=budget_pence,
        vote_type=VoteType.APPROVAL,
        rule=defaults.rule_of(start.rule_name, VoteType.APPROVAL, today, place.slug),
        terms=start.asking,
    )


@transaction.atomic
def set_terms(round_: Round, asking: Asking) -> Terms:
    """Say how a draft is asked of people; said again, it replaces what was said."""
    round_ = locked(round_, RoundState.DRAFT)
    today = timezone.localdate()
    refuse_faults(
        faults(
            asking,
            budget_pence=round_.budget_pence,
            vote_type=round_.vote_type,
            rule_name=str(round_.rule["name"]),
            room_maximum=int(rulebook("round.room_pot_maximum", today, round_.place.slug).value),
        )
    )
    before = Terms.objects.select_related("secrecy_reason").filter(pk=round_.pk).first()
    said = before.secrecy_reason if before else None
    why = asking.secrecy_reason.strip() if asking.secrecy == Secrecy.HOUSE else ""
    values = asdict(asking) | {
        "grounds": list(asking.grounds),
        "languages": list(asking.languages),
        "secrecy_reason": said if said and said.text == why else keep_words(why) if why else None,
    }
    terms, _new = Terms.objects.update_or_create(round=round_, defaults=values)
    return terms


@transaction.atomic
def change_draft(
    round_: Round, *, title: str, budget_pence: int, vote_type: VoteType, rule: Rule, terms: Asking
) -> Round:
    """Change what a draft asks, and how; all of it or nothing."""
    round_ = locked(round_, RoundState.DRAFT)
    old = round_.title
    if old.text != title:
        round_.title = keep_words(title)
    round_.budget_pence = budget_pence
    round_.vote_type = vote_type
    round_.rule = rule.as_dict()
    round_.save()
    set_terms(round_, terms)
    return round_


@transaction.atomic
def add_projects(round_: Round, ideas: Iterable[tuple[str, str, int]]) -> None:
    """Put ideas on the ballot, as (Pabulib id, name, cost in pence)."""
    round_ = locked(round_, RoundState.DRAFT)
    for code, name, cost_pence in ideas:
        Project.objects.create(
            round=round_, code=code, name=keep_words(name), cost_pence=cost_pence
        )


@transaction.atomic
def delete_draft(round_: Round) -> None:
    """Throw a draft away. Refused, with the reason, once other rooms keep something of it: an idea,
    whose author is owed an answer, or a vote that is being prepared."""
    round_ = locked(round_, RoundState.DRAFT)
    if forbidden := freezing.forbids_deleting(round_):
        raise Refused(" ".join(forbidden), code="draft_in_use")
    Terms.objects.filter(pk=round_.pk).delete()
    try:
        round_.projects.all().delete()
        round_.delete()
    except ProtectedError:
        raise Refused(
            _("Something else hangs on this draft, so it cannot be deleted. You can change it."),
            code="draft_in_use",
        ) from None
