"""What happens to awards: a decision makes them, and their money is committed on the ledger."""

from datetime import date

from django.db import transaction

from doorstep.apps.awards.models import Award, AwardKind
from doorstep.apps.fund import accounts
from doorstep.apps.fund.actions import open_beside
from doorstep.apps.ideas.actions.ballot import tell_fates
from doorstep.apps.ledger.actions import Line, post
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.rounds.actions import decision_of, locked, mark_settled
from doorstep.apps.rounds.models import Project, Round, RoundState


@transaction.atomic
def settle_round(round_: Round, *, on: date, actor: Actor) -> list[Award]:
    """Make an award of every winner of a counted round, and give back what is left of its pot."""
    round_ = locked(round_, RoundState.COUNTED)
    place, example = round_.place, round_.is_example
    pot = accounts.round_pot(place.slug, round_.slug, example=example)
    projects = {project.code: project for project in round_.projects.select_related("name")}
    awards = [
        make_award(
            f"{round_.slug}-{order}",
            place,
            title=projects[code].name,
            pence=projects[code].cost_pence,
            decision=decision_of(round_),
            from_account=pot,
            project=projects[code],
            is_example=example,
            on=on,
            actor=actor,
        )
        for order, code in enumerate(round_.result.as_json["winners"], start=1)
    ]
    left = balances([pot])[pot]
    if left:
        post(
            "round.returned",
            [Line(pot, accounts.available(place.slug, example=example), left)],
            idem_key=f"round:{round_.slug}:returned",
            actor=actor,
            effective_on=on,
        )
    mark_settled(round_, returned_pence=left, actor=actor)
    tell_fates(round_)  # it is sent only if all of this commits
    return awards


@transaction.atomic
def make_award(
    slug: str,
    place: Place,
    *,
    title: Wording,
    pence: int,
    decision: Leaf,
    from_account: str,
    on: date,
    actor: Actor,
    project: Project | None = None,
    kind: str = AwardKind.PROJECT,
    is_example: bool = False,
) -> Award:
    """Promise `pence` out of `from_account` because of `decision`, whatever its kind.

    Raises `Refused` when the account does not hold that much.
    """
    made = write_leaf(
        "award.made",
        {
            "award": slug,
            "place": place.slug,
            "project": project.code if project else None,
            "title": title.commitment,
            "award_kind": str(kind),
            "pence": pence,
            "decision": decision.idx,
            "actor": actor.as_leaf(),
        },
    )
    account = accounts.committed(place.slug, slug, example=is_example)
    open_beside(from_account, account)
    commitment = post(
        "award.committed",
        [Line(from_account, account, pence)],
        idem_key=f"award:{slug}:committed",
        actor=actor,
        effective_on=on,
    )
    return Award.objects.create(
        slug=slug,
        place=place,
        project=project,
        title=title,
        kind=kind,
        is_example=is_example,
        pence=pence,
        decision=decision,
        made=made,
        commitment=commitment,
    )
