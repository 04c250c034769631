"""Shares are proposed from files and decided once; the record holds all that they follow from."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine

from doorstep.apps.fund import working
from doorstep.apps.fund.actions import decide_shares, open_fund, propose_shares
from doorstep.apps.fund.models import DecidedShare, Decision, Fund, Proposal, ProposedPlace
from doorstep.apps.fund.verify_deciding import verify_deciding
from doorstep.apps.places.actions import RESIDENTS, keep_study
from doorstep.apps.places.models import AreaFigure, AreaLink
from doorstep.apps.places.verify import verify_places
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import Study, run_study
from doorstep.engine.need.words import said
from doorstep.site.funding import work_out_shares
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
WHY = "Need weighs most, and no place may get less than a million."


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study(shipped_or(Path("millbrook")))


@pytest.fixture
def fund() -> Fund:
    return open_fund("alderdale", "A fund", actor=ACTOR)


@pytest.fixture
def proposal(fund, study) -> Proposal:
    return propose_shares(fund, "first", study, actor=ACTOR)


def test_every_rule_is_compared_from_the_rows_alone(proposal, study):
    worked = working.work_out(Proposal.objects.get())
    assert worked.selection.codes == study.selection.codes
    outcomes = worked.outcomes()
    assert set(outcomes) == set(study.compared)
    for kind, shares in outcomes.items():
        assert tuple(one.pence for one in shares) == study.compared[kind]  # type: ignore[union-attr]
    missed = ProposedPlace.objects.get(name="Alder Hill")
    assert "2 places below the line on CNI 2023" in said(working.reason_from(missed.reasons[0]))


def test_a_decision_is_a_leaf_with_its_rule_its_files_and_every_share(proposal, study):
    decision = decide_shares(proposal, "need_weighted", WHY, actor=ACTOR)
    assert {one.place.code: one.pence for one in decision.shares.all()} == {
        one.code: one.pence for one in study.shares
    }
    proposed = json.loads(bytes(proposal.leaf.body))
    assert proposed["programme"]["criteria"] == [["IMD 2025", 34], ["CNI 2023", 34]]
    assert proposed["files"] == sorted({one.sha256 for one in study.sources})
    decided = json.loads(bytes(decision.leaf.body))
    assert sum(pence for _code, pence in decided["shares"]) == 420_000_000
    assert WHY not in str(decided)
    assert not list(verify_deciding())


def test_it_is_decided_once_and_with_a_reason(proposal):
    for reason in ("", "Because.", "x" * 2_001):
        with pytest.raises(Refused, match="Say why"):
            decide_shares(proposal, "equal", reason, actor=ACTOR)
    with pytest.raises(Refused, match="not a rule that this pot was compared under"):
        decide_shares(proposal, "lottery", WHY, actor=ACTOR)
    decide_shares(proposal, "equal", WHY, actor=ACTOR)
    with pytest.raises(Refused, match="decided already"):
        decide_shares(proposal, "equal", WHY, actor=ACTOR)


def test_a_rule_that_nobody_checked_for_a_year_decides_no_share(proposal, fund, study):
    late = date(2029, 1, 1)
    for act in (
        lambda: decide_shares(proposal, "equal", WHY, on=late, actor=ACTOR),
        lambda: propose_shares(fund, "late", replace(study, on=late), actor=ACTOR),
    ):
        with time_machine.travel(late), pytest.raises(Refused, match="Ask the officer what holds"):
            act()
    assert not Decision.objects.exists()
    decide_shares(proposal, "equal", WHY, actor=ACTOR)
    assert not list(verify_deciding())


def test_a_command_works_a_decision_out_again_or_says_what_is_not_the_same(proposal):
    with pytest.raises(Refused, match="not decided yet"):
        work_out_shares("alderdale", "first")
    decision = decide_shares(proposal, "need_weighted", WHY, actor=ACTOR)
    told = work_out_shares("alderdale", "first")
    assert "Together £4,200,000, the whole pot" in told
    assert all(one["sha256"] in told for one in proposal.inputs)
    assert f"Line {decision.leaf.idx} decided: By need." in told
    lift_seals("fund_decidedshare")
    DecidedShare.objects.filter(decision=decision).update(pence=1)
    with pytest.raises(Refused, match="its shares are other sums"):
        work_out_shares("alderdale", "first")


def test_the_same_files_propose_the_same_and_others_need_another_name(fund, proposal, study):
    leaves = Leaf.objects.count()
    assert propose_shares(fund, "first", study, actor=ACTOR) == proposal
    assert Leaf.objects.count() == leaves
    with pytest.raises(Refused, match="Choose another id"):
        propose_shares(fund, "first", replace(study, pot=1_000_000_00), actor=ACTOR)


def test_a_pot_that_a_rule_cannot_share_is_said_in_words(fund, study):
    small = propose_shares(fund, "small", replace(study, pot=200_000_000), actor=ACTOR)
    with pytest.raises(Refused, match="3 places at £1,000,000 each need £3,000,000"):
        decide_shares(small, "equal", WHY, actor=ACTOR)
    with pytest.raises(Refused, match="shares no pot"):
        propose_shares(fund, "none", replace(study, pot=0), actor=ACTOR)


def test_nobody_proposes_or_decides_by_the_rules_of_a_day_that_has_not_come(fund, proposal, study):
    later = replace(study, on=date(2126, 11, 28))
    with pytest.raises(Refused, match="28 November 2126 has not come yet"):
        propose_shares(fund, "later", later, actor=ACTOR)
    with pytest.raises(Refused, match="28 November 2126 has not come yet"):
        decide_shares(proposal, "equal", WHY, on=later.on, actor=ACTOR)


@pytest.mark.parametrize(
    ("table", "change", "fault"),
    [
        ("fund_proposedplace", lambda: _change_need(), "rows_sha256"),
        ("fund_proposedplace", lambda: _change_answer(), "hears another answer"),
        ("fund_decidedshare", lambda: DecidedShare.objects.update(pence=1), "other sums"),
        ("fund_proposal", lambda: Proposal.objects.update(floor_pence=0), "another floor"),
    ],
)
def test_what_was_changed_behind_our_back_is_noticed(proposal, table, change, fault):
    decide_shares(proposal, "per_head", WHY, actor=ACTOR)
    lift_seals(table)
    change()
    assert any(fault in one.sentence for one in verify_deciding())


def _change_need() -> None:
    place = ProposedPlace.objects.get(name="Alder Hill")
    place.scores["IMD 2025"] += 1
    place.save()


def _change_answer() -> None:
    ProposedPlace.objects.filter(name="Alder Hill").update(chosen=True, position=4)


def test_a_studys_files_are_kept_for_whoever_asks_about_a_small_area(study):
    files = keep_study(study, actor=ACTOR)
    figure = AreaFigure.objects.get(area__code="E01990001", measure="IMD 2025")
    assert (figure.rank, figure.of) == (610, 33_755)
    assert figure.source.title.startswith("Made up, in the layout of")
    assert AreaFigure.objects.filter(measure=RESIDENTS).count() == 60
    assert AreaLink.objects.get(small__code="E01990001").larger.name == "Millbrook East"
    assert not list(verify_places())
    leaves = Leaf.objects.count()
    assert keep_study(study, actor=ACTOR) == files
    assert Leaf.objects.count() == leaves
