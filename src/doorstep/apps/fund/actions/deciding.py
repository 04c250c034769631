"""Shares are proposed from files, compared in public, and decided once, with a reason."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import rules, working
from doorstep.apps.fund.models import DecidedShare, Decision, Fund, Proposal, ProposedPlace
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rule_names import ask_the_officer
from doorstep.engine.need import Programme
from doorstep.engine.need import programme as programme_on
from doorstep.engine.need.errors import NeedError
from doorstep.engine.need.study import Study
from doorstep.engine.rulebook import rule as rule_of

PIECE = 500
# A decision names every share in one leaf, which holds 65,535 bytes.
MOST_SHARED = 1_500


@transaction.atomic
def propose_shares(fund: Fund, slug: str, study: Study, *, actor: Actor) -> Proposal:
    """Put a study's places and figures forward, frozen with the checksums of its files.

    Proposed again from the same files under the same name, it is the first one; otherwise refused.
    """
    rules.refuse_future_rules(study.on, timezone.localdate())
    rules.refuse_unshared(study.pot, len(study.selection.codes), MOST_SHARED)
    lock_head()
    _refuse_unchecked(study.programme, study.on)
    made = list(_places(study))
    digest = working.rows_digest(made)
    programme = working.programme_data(study.programme)
    earlier = Proposal.objects.filter(fund=fund, slug=slug).first()
    if (
        earlier is not None
        and (earlier.pot_pence, earlier.programme) == (study.pot, programme)
        and working.rows_digest(earlier.places.all()) == digest
    ):
        return earlier
    if earlier is not None:
        raise Refused(
            _("There is a proposal %(slug)s from other figures already. Choose another id.")
            % {"slug": slug},
            code="proposal_exists",
        )
    if study.rule is None:
        raise ValueError("a study with a pot has a rule")
    steps = [[one.residents_from, one.pence] for one in study.steps]
    leaf = write_leaf(
        "fund.shares_proposed",
        {
            "fund": fund.slug,
            "proposal": slug,
            "on": study.on.isoformat(),
            "programme": programme,
            "pot": study.pot,
            "need": study.need,
            "floor": study.rule.floor,
            "ceiling": study.rule.ceiling,
            "steps": steps,
            "files": sorted({one.sha256 for one in study.sources if one.sha256}),
            "places": len(made),
            "rows_sha256": digest,
            "actor": actor.as_leaf(),
        },
    )
    small = study.small.residents.areas.geography
    proposal = Proposal.objects.create(
        fund=fund,
        slug=slug,
        name=study.name[:120],
        on=study.on,
        unit=study.programme.areas.unit,
        boundary_year=study.programme.areas.year,
        small_unit=small.unit,
        small_year=small.year,
        programme=programme,
        pot_pence=study.pot,
        need=study.need,
        floor_pence=study.rule.floor,
        ceiling_pence=study.rule.ceiling,
        steps=steps,
        inputs=[
            {
                "title": one.title, "publisher": one.publisher, "licence": one.licence,
                "year": one.year, "file": one.file, "sha256": one.sha256,
            }
            for one in study.sources
        ],
        lost=list(study.lost),
        leaf=leaf,
    )  # fmt: skip
    for place in made:
        place.proposal = proposal
    ProposedPlace.objects.bulk_create(made, batch_size=PIECE)
    return proposal


@transaction.atomic
def decide_shares(
    proposal: Proposal, rule: str, reason: str, *, on: date | None = None, actor: Actor
) -> Decision:
    """Choose the rule for a proposal's pot, once, with a reason; the shares are frozen with it."""
    rules.refuse_reason(reason)
    day = on or timezone.localdate()
    rules.refuse_future_rules(day, timezone.localdate())
    lock_head()
    earlier = Decision.objects.filter(proposal=proposal).first()
    if earlier is not None:
        raise Refused(
            _("This was decided already, on %(day)s. A decision is not changed: propose anew.")
            % {"day": said_day(earlier.decided_on)},
            code="decided",
        )
    day = on or timezone.localdate()
    _refuse_unchecked(_programme_of(proposal), day)
    worked = working.work_out(proposal)
    outcome = worked.outcomes().get(rule)
    if outcome is None:
        raise Refused(
            _("“%(rule)s” is not a rule that this pot was compared under.") % {"rule": rule},
            code="share_rule",
        )
    if isinstance(outcome, NeedError):
        raise Refused(
            _("The pot cannot be shared by that rule: %(why)s") % {"why": outcome.what},
            code="share_rule",
        )
    kept = keep_words(reason)
    leaf = write_leaf(
        "fund.shares_decided",
        {
            "fund": proposal.fund.slug,
            "proposal": proposal.slug,
            "rule": rule,
            "on": day.isoformat(),
            "reason": kept.commitment,
            "shares": [[one.code, one.pence] for one in outcome],
            "actor": actor.as_leaf(),
        },
    )
    decision = Decision.objects.create(
        proposal=proposal, rule=rule, reason=kept, decided_on=day, leaf=leaf
    )
    rows = {one.code: one for one in worked.places}
    DecidedShare.objects.bulk_create(
        DecidedShare(
            decision=decision,
            place=rows[one.code],
            pence=one.pence,
            reason=working.told(one.reason),
        )
        for one in outcome
    )
    return decision


def _programme_of(proposal: Proposal) -> Programme:
    """The programme of a proposal as it is shipped; a fund's own rules as they were frozen."""
    try:
        return programme_on(str(proposal.programme["id"]), proposal.on)
    except NeedError:
        return working.programme_from(proposal.programme)


def _refuse_unchecked(rules_of: Programme, on: date) -> None:
    """Nobody is put first in line, or left out, by a number that nobody checked for a year."""
    key = rules_of.unchecked(on)
    if key is None:
        return
    if key == rules_of.id:
        raise Refused(
            _(
                "The rules of “%(name)s” were last compared with their source on %(day)s, more "
                "than a year before. Ask the officer what holds now."
            )
            % {"name": rules_of.name, "day": said_day(rules_of.checked_on)},
            code="ask_the_officer",
        )
    raise Refused(ask_the_officer(rule_of(key, on), on), code="ask_the_officer")


def _places(study: Study) -> Iterator[ProposedPlace]:
    """Every area that the programme's indices rank, with its verdict."""
    selection = study.selection
    residents = study.residents.on(selection.areas)
    scores = {name: one.on(selection.areas) for name, one in study.scores.items()}
    for at, code in enumerate(map(str, selection.areas.codes)):
        verdict = selection.verdict(code)
        yield ProposedPlace(
            code=code,
            name=study.name_of(code)[:120],
            council="" if selection.councils is None else str(selection.councils[at]),
            residents=round(float(residents[at])),
            scores={name: float(values[at]) for name, values in scores.items()},
            ranks={name: int(ranks[at]) for name, ranks in selection.ranks.items()},
            chosen=verdict.chosen,
            position=verdict.position,
            reasons=[working.told(one) for one in verdict.reasons],
        )
