"""The freeze, and what can still be done to a frozen round: decide it without a vote, take an idea
off it, or cancel it."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import accounts
from doorstep.apps.fund.actions import open_beside
from doorstep.apps.ledger.actions import Line, post
from doorstep.apps.ledger.queries import balances
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import ballots, freezing, rules
from doorstep.apps.rounds.actions.steps import locked, moved
from doorstep.apps.rounds.freezing import Missing
from doorstep.apps.rounds.models import (
    Project,
    Result,
    Round,
    RoundSize,
    RoundState,
    Tally,
    Withdrawal,
)
from doorstep.apps.rounds.queries import fingerprint, project_costs


@dataclass(frozen=True)
class Rehearsal:
    """What a freeze would find. `ideas` are (name, pence) in ballot order."""

    missing: list[Missing]
    missing_without_vote: list[Missing]
    ideas: list[tuple[str, int]]
    everything_fits: bool

    @property
    def asked_pence(self) -> int:
        return sum(pence for _name, pence in self.ideas)


@transaction.atomic
def freeze_round(round_: Round, *, on: date, actor: Actor) -> Round:
    """Fix ideas, costs, rule, tie seed, Terms and what other rooms add, by their fingerprint, and
    set the pot aside.

    From here on the database refuses to change them, and no other round can promise this money.
    """
    return _fix(locked(round_, RoundState.DRAFT), on=on, actor=actor)


@transaction.atomic
def decide_without_vote(round_: Round, *, on: date, actor: Actor) -> Round:
    """Freeze a draft whose ideas all fit in its pot, and decide to fund every one of them.

    Nobody is asked to choose where there is nothing to choose. The round is then counted, and
    `awards.settle_round` makes an award of each idea.
    """
    round_ = locked(round_, RoundState.DRAFT)
    if freezing.terms_of(round_) is None:
        raise Refused(
            _("Round %(round)s is an example: it was decided elsewhere, by its ballots.")
            % {"round": round_.slug},
            code="example_needs_ballots",
        )
    round_.without_vote = True
    round_ = _fix(round_, on=on, actor=actor)
    outcome = ballots.everything_fits(round_)
    result = Result.objects.create(
        round=round_, outcome=outcome, sha256=hashlib.sha256(outcome.encode()).hexdigest()
    )
    round_.counted = write_leaf(
        "round.decided",
        {
            "round": round_.slug,
            "result_sha256": result.sha256,
            "funded": len(result.as_json["winners"]),
            "actor": actor.as_leaf(),
        },
    )
    return moved(round_, RoundState.COUNTED)


@transaction.atomic
def rehearse_freeze(round_: Round, *, on: date, actor: Actor) -> Rehearsal:
    """What a freeze would find, with nothing kept: the ballot it would have and what is missing."""
    undo = transaction.savepoint()
    try:
        round_ = locked(round_, RoundState.DRAFT)
        missing, costs = _gaps(round_, on=on, actor=actor)
        round_.without_vote = True
        without, _costs = _gaps(round_, on=on, actor=actor, filled=True)
        names = dict(round_.projects.values_list("code", "name__text"))
        return Rehearsal(
            missing=missing,
            missing_without_vote=without,
            ideas=[(names[code], cost) for code, cost in costs.items()],
            everything_fits=bool(costs) and sum(costs.values()) <= round_.budget_pence,
        )
    finally:
        transaction.savepoint_rollback(undo)


@transaction.atomic
def withdraw_project(project: Project, *, reason: str, actor: Actor) -> Withdrawal:
    """Take an idea off the ballot of a frozen round, and say why in public. Not once voting has
    ended, or a room is counted: whoever has seen the ballots could choose what they decide.

    Ballots stay as they were cast; the count leaves the idea aside, and whoever chose it still
    has their say on all others. Done twice, the second finds it done.
    """
    round_ = locked(project.round, RoundState.FROZEN)
    if done := Withdrawal.objects.filter(project=project).first():
        return done
    _refuse_once_voted(round_)
    if round_.projects.filter(withdrawal=None).count() == 1:
        raise Refused(
            _(
                "This is the last idea on the ballot, so nothing would be left to choose. Cancel "
                "the round instead."
            ),
            code="last_idea",
        )
    said = keep_words(_reason(reason))
    leaf = write_leaf(
        "round.project_withdrawn",
        {
            "round": round_.slug,
            "project": project.code,
            "title": project.name.commitment,
            "reason": said.commitment,
            "actor": actor.as_leaf(),
        },
    )
    return Withdrawal.objects.create(project=project, reason=said, leaf=leaf)


def _refuse_once_voted(round_: Round) -> None:
    terms = freezing.terms_of(round_)
    if terms is not None and terms.size == RoundSize.ROOM:
        if Tally.objects.filter(round=round_).exists():
            raise Refused(
                _("This room has begun to count, so the idea stays on its ballot."),
                code="withdrawn_late",
            )
    elif terms is not None and rules.window(terms, timezone.now()) == "over":
        raise Refused(_("Voting has ended, so the idea stays."), code="withdrawn_late")
    if forbidden := freezing.forbids_withdrawing(round_):
        raise Refused(" ".join(forbidden), code="withdrawn_late")


@transaction.atomic
def cancel_round(round_: Round, *, reason: str, on: date, actor: Actor) -> Round:
    """Call a frozen round off, say why in public, and give its pot back. Nothing is counted."""
    round_ = locked(round_, RoundState.FROZEN)
    if forbidden := freezing.forbids_cancelling(round_):
        raise Refused(" ".join(forbidden), code="round_cannot_be_cancelled")
    said = keep_words(_reason(reason))
    place, example = round_.place.slug, round_.is_example
    pot = accounts.round_pot(place, round_.slug, example=example)
    left = balances([pot])[pot]
    round_.cancel_reason = said
    round_.cancelled = write_leaf(
        "round.cancelled",
        {
            "round": round_.slug,
            "reason": said.commitment,
            "returned_pence": left,
            "actor": actor.as_leaf(),
        },
    )
    post(
        "round.returned",
        [Line(pot, accounts.available(place, example=example), left)],
        idem_key=f"round:{round_.slug}:returned",
        actor=actor,
        effective_on=on,
    )
    return moved(round_, RoundState.CANCELLED)


def _fix(round_: Round, *, on: date, actor: Actor) -> Round:
    place = round_.place.slug
    missing, costs = _gaps(round_, on=on, actor=actor)
    rules.refuse_freeze(round_.slug, missing)
    if freezing.terms_of(round_) is not None:
        # Nobody chooses the lot: its seed is the last link of the record before this freeze.
        _size, link = lock_head()
        round_.rule = round_.rule | {"seed": link.hex()}
    round_.frozen = write_leaf(
        "round.frozen",
        {
            "round": round_.slug,
            "place": place,
            "example": round_.is_example,
            "title": round_.title.commitment,
            "budget_pence": round_.budget_pence,
            "projects": len(costs),
            "fingerprint": hashlib.sha256(fingerprint(round_)).hexdigest(),
            "actor": actor.as_leaf(),
        },
    )
    free = accounts.available(place, example=round_.is_example)
    pot = accounts.round_pot(place, round_.slug, example=round_.is_example)
    open_beside(free, pot)
    post(
        "round.set_aside",
        [Line(free, pot, round_.budget_pence)],
        idem_key=f"round:{round_.slug}:set-aside",
        actor=actor,
        effective_on=on,
    )
    return moved(round_, RoundState.FROZEN)


def _gaps(
    round_: Round, *, on: date, actor: Actor, filled: bool = False
) -> tuple[list[Missing], dict[str, int]]:
    """What a freeze still waits for, and the costs on the ballot once every room has filled it."""
    found: list[Missing] = []
    if not filled:
        try:
            freezing.fill_ballot(round_, actor)
        except Refused as refusal:
            found.append(Missing(refusal.reason))
    free = accounts.available(round_.place.slug, example=round_.is_example)
    costs = project_costs(round_)
    asked = rules.Asked(
        slug=round_.slug,
        budget_pence=round_.budget_pence,
        costs=list(costs.values()),
        available_pence=balances([free]).get(free),
        is_example=round_.is_example,
        without_vote=round_.without_vote,
        terms=freezing.terms_of(round_),
    )
    found += rules.missing_before_freeze(asked, on=on, now=timezone.now())
    found += freezing.missing(round_, with_vote=not round_.without_vote)
    return found, costs


def _reason(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refused(
            _("Say why, in words that everybody may read. It stands on the round’s page."),
            code="reason_missing",
        )
    return said
