"""What the command does at the funder's desk: finds rows, acts, says what it did."""

from pathlib import Path

from django.utils import timezone

from doorstep.apps.fund import actions
from doorstep.apps.fund.models import AssetClass, Decision, Fund, Programme, Proposal, WaveShare
from doorstep.apps.fund.verify_deciding import proposal_faults
from doorstep.apps.ledger.rules import pounds as written
from doorstep.apps.places.actions import keep_study
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.forecast.command import text_of
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from doorstep.site.areas import shown
from doorstep.site.operations import OPERATOR, day_gone, day_of, pence_of, the


def propose_shares(fund: str, slug: str, file: Path, *, actor: Actor = OPERATOR) -> str:
    """Keep what a study's files say, and put its shares forward."""
    there = the(Fund, fund)
    study = run_study(shipped_or(file), shown("read"), today=timezone.localdate())
    keep_study(study, actor=actor, progress=shown("kept"))
    proposal = actions.propose_shares(there, slug, study, actor=actor)
    chosen = proposal.places.filter(chosen=True).count()
    return (
        f"{written(proposal.pot_pence)} among {chosen} places first in line.\n"
        f"See what each rule would give at /fund/{fund}/shares/{slug}/"
    )


def decide_shares(fund: str, slug: str, rule: str, reason: str) -> str:
    proposal = _proposal(the(Fund, fund), slug)
    decision = actions.decide_shares(proposal, rule, reason, actor=OPERATOR)
    return f"Decided: {Decision.Rule(decision.rule).label}. See /fund/{fund}/shares/{slug}/"


def work_out_shares(fund: str, slug: str) -> str:
    """A decision from its frozen rows and rules again; refused where anything is another."""
    proposal = _proposal(the(Fund, fund), slug)
    if faults := list(proposal_faults(proposal)):
        raise Refused(
            f"Worked out again, {slug} is not what the record says: {' '.join(faults)}",
            code="not_the_same",
        )
    decision = getattr(proposal, "decision", None)
    if decision is None:
        raise Refused(f"{slug} is not decided yet. Decide it first.", code="not_decided")
    shares = decision.shares.select_related("place")
    return "\n".join(
        [
            f"Line {proposal.leaf.idx} of the record froze the rules and figures of "
            f"{proposal.places.count():,} places, from {len(proposal.inputs)} files:",
            *(f"  {one['sha256']}  {one['file']}" for one in proposal.inputs),
            f"Line {decision.leaf.idx} decided: {decision.get_rule_display()}. Worked out again:",
            *(f"  {one.place.code}  {written(one.pence):>14}  {one.place}" for one in shares),
            f"Together {written(sum(one.pence for one in shares))}, the whole pot. Every place, "
            "every answer and every penny is the same.",
        ]
    )


def review_reserve(fund: str, kind: str, pounds: str, reason: str) -> str:
    review = actions.review_reserve(
        the(Fund, fund), _class(kind), pence_of(pounds), reason=reason, actor=OPERATOR
    )
    return f"{written(review.expected_pence)} of reclaims are expected still."


def release(fund: str, kind: str, pounds: str, reference: str, on: str | None) -> str:
    made = actions.release(
        the(Fund, fund), _class(kind), pence_of(pounds), on=day_gone(on),
        idem_key=f"release:{fund}:{reference}", actor=OPERATOR,
    )  # fmt: skip
    return (
        f"{written(made.pence)} released (entry {made.journal_id}); {written(made.left_pence)} "
        f"stays for owners, and {written(made.required_pence)} must."
    )


def pay_costs(fund: str, pounds: str, payee: str, reference: str, on: str | None) -> str:
    journal = actions.pay_costs(
        the(Fund, fund), pence_of(pounds), payee=payee, on=day_gone(on),
        idem_key=f"costs:{fund}:{reference}", actor=OPERATOR,
    )  # fmt: skip
    return f"{written(pence_of(pounds))} paid for running the fund (entry {journal.seq})."


def set_aside(
    fund: str, programme: str, name: str, pounds: str, reference: str, on: str | None
) -> str:
    made = actions.set_aside(
        the(Fund, fund), programme, name, pence_of(pounds), on=day_gone(on),
        idem_key=f"programme:{fund}:{programme}:{reference}", actor=OPERATOR,
    )  # fmt: skip
    return f"{written(pence_of(pounds))} is set aside for {made.name}."


def promise_wave(
    fund: str, programme: str, wave: str, proposal: str, begins: str, ends: str, years: int
) -> str:
    """Promise every place of a decision its share, or none."""
    there = the(Fund, fund)
    decision = getattr(_proposal(there, proposal), "decision", None)
    if decision is None:
        raise Refused(f"{proposal} is not decided yet. Decide it first.", code="not_decided")
    made = actions.promise_wave(
        _programme(there, programme), wave, actions.decided_places(decision),
        begins_on=day_of(begins), ends_on=day_of(ends), years=years, decision=decision,
        actor=OPERATOR,
    )  # fmt: skip
    return f"{written(made.pence)} is promised to {made.shares.count()} places."


def draw_down(fund: str, place: str, pounds: str, reference: str, on: str | None) -> str:
    share = _share(fund, place)
    made = actions.draw_down(
        share, pence_of(pounds), on=day_gone(on),
        idem_key=f"draw:{fund}:{place}:{reference}", actor=OPERATOR,
    )  # fmt: skip
    left = sum(share.yearly) - actions.drawn_pence(share)
    return f"{place} drew {written(made.pence)}; {written(left)} of its share is still to come."


def give_back(
    fund: str, place: str, pounds: str, reason: str, reference: str, on: str | None
) -> str:
    journal = actions.give_back(
        the(Fund, fund), the(Place, place), pence_of(pounds), reason=reason, on=day_gone(on),
        idem_key=f"back:{fund}:{place}:{reference}", actor=OPERATOR,
    )  # fmt: skip
    return f"{place} gave back {written(pence_of(pounds))} (entry {journal.seq})."


def take_back(fund: str, entry: int, reason: str) -> str:
    """Reverse an entry that was booked by mistake, once."""
    back = actions.take_back(
        the(Fund, fund), entry, reason=reason, idem_key=f"back:{fund}:{entry}", actor=OPERATOR
    )
    return f"Entry {entry} is taken back by entry {back.seq}."


def end_term(fund: str, place: str) -> str:
    journal = actions.end_term(_share(fund, place), actor=OPERATOR)
    return f"What was not drawn went back (entry {journal.seq})." if journal else "All was drawn."


def keep_scenario(fund: str, file: Path) -> str:
    """Keep a scenario for the fund's forecast page."""
    kept = actions.keep_scenario(the(Fund, fund), text_of(file), actor=OPERATOR)
    return f"Kept (SHA-256 {kept.sha256[:16]}…). See /fund/{fund}/forecast/"


def _class(kind: str) -> AssetClass:
    if kind not in AssetClass.values:
        raise Refused(
            f"“{kind}” is no class of forgotten money. Use {', '.join(AssetClass.values)}.",
            code="asset_class",
        )
    return AssetClass(kind)


def _proposal(fund: Fund, slug: str) -> Proposal:
    found = Proposal.objects.filter(fund=fund, slug=slug).first()
    if found is None:
        raise Refused(f"{fund.slug} has no proposal “{slug}”. Check its id.", code="unknown_id")
    return found


def _programme(fund: Fund, slug: str) -> Programme:
    found = Programme.objects.filter(fund=fund, slug=slug).first()
    if found is None:
        raise Refused(
            f"{fund.slug} has no programme “{slug}”. Set money aside for it first.",
            code="unknown_id",
        )
    return found


def _share(fund: str, place: str) -> WaveShare:
    found = (
        WaveShare.objects.filter(
            allocation__fund=the(Fund, fund), allocation__place=the(Place, place)
        )
        .order_by("-pk")
        .first()
    )
    if found is None:
        raise Refused(f"{fund} promised {place} nothing in a wave.", code="unknown_id")
    return found
