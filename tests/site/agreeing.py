"""The acts by which a partnership gets started, writes its plan and binds its council, and the
awards made from them; told as `acts.py` tells all others."""

from collections.abc import Callable, Generator
from datetime import date
from typing import Any

from doorstep.apps.awards.actions.from_plan import award_from_line, award_from_start
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.partnerships.actions import council, plans, starting
from doorstep.apps.partnerships.actions.memorandum import sign_memorandum
from doorstep.apps.partnerships.models import LineAgreed
from doorstep.apps.partnerships.rules.council import DraftDuty
from doorstep.apps.partnerships.rules.plans import DraftLine
from doorstep.apps.people.actions import open_account
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import LATER
from tests.millbrook import ACTOR

Acts = Generator[tuple[str, Callable[[], Any]], Any, None]
YEARS = {"begins_on": date(2026, 7, 1), "ends_on": date(2029, 6, 30)}


def agreeing(told) -> Acts:
    yield from getting_started(told)
    yield from a_plan(told)
    yield from a_council(told)


def getting_started(told) -> Acts:
    by = {"on": LATER, "actor": told.acting("worker")}
    start = yield (
        "a place gets started",
        lambda: starting.open_start(told.place, "Thursdays at seven, in the hall.", **by),
    )
    yield (
        "a group listens",
        lambda: starting.listen(start, how="doors", people=40, heard="Buses stop at six.", **by),
    )
    money = yield "start-up money is agreed", lambda: starting.agree_start_money(
        start, kind="training", title="First aid", pence=2_000, in_favour=9, against=1, **by
    )  # fmt: skip
    yield "it is promised", lambda: award_from_start(money, **by)
    yield "a start ends", lambda: starting.end_start(start, "Buses after six.", **by)


def a_plan(told) -> Acts:
    who, funder = told.acting("secretary"), told.acting("funder")
    group, share = told.place.partnership, allocation_of(told.place.pk)
    words = {"vision": "A place to meet.", "legacy": "Those who know how.", **YEARS}
    plan = yield "a plan is begun", lambda: plans.begin_plan(group, actor=who)
    plan = yield "its words are written", lambda: plans.write_draft(plan, actor=who, **words)
    for line in (
        DraftLine("training", "First aid", 9_000, 9_000),
        DraftLine("later", "For later", share.pence - 9_000),
        DraftLine("worker", "A worker", 1, 1),
    ):
        plan = yield (
            f"a line is added, {line.title}",
            lambda plan=plan, line=line: plans.add_line(plan, line, actor=who),
        )
    plan = yield "a line is dropped", lambda: plans.drop_line(plan, 3, actor=who)
    plan = yield (
        "a plan is put forward",
        lambda: plans.put_forward(plan, why="We were ill.", on=LATER, actor=who),
    )
    yield (
        "it is sent back",
        lambda: plans.send_back(plan, "Who keeps it clean?", on=LATER, actor=funder),
    )
    plan = yield "it is drafted again", lambda: plans.begin_plan(group, actor=who)
    plan = plans.write_draft(plan, actor=who, **words)
    plan = yield (
        "it is put forward again",
        lambda: plans.put_forward(plan, why="We were ill.", on=LATER, actor=who),
    )
    plan = yield "it is endorsed", lambda: plans.endorse(plan, on=LATER, actor=funder)
    agreed = LineAgreed.objects.get(line__plan=plan)
    yield "some of a line is promised", lambda: award_from_line(
        agreed, key="4" * 16, title="First aid", pence=1_000, on=LATER, actor=who
    )  # fmt: skip
    for side in (who, funder):
        yield (
            f"the memorandum is signed, {side.kind}",
            lambda side=side: sign_memorandum(plan, on=LATER, actor=side),
        )
    yield "a plan is looked back on", lambda: plans.review_plan(
        plan, done="Ten can help.", change="More evenings.", on=LATER, actor=who
    )  # fmt: skip


def a_council(told) -> Acts:
    who, officer = (
        told.acting("secretary"),
        Actor("council_officer", open_account("officer@council.example", actor=ACTOR).pk),
    )
    body = open_organisation("alderdale", "Alderdale Council", "council", actor=ACTOR)
    made = yield (
        "an agreement with the council is begun",
        lambda: council.begin_agreement(told.place.partnership, body, actor=who),
    )
    for side in ("council", "partnership", "council"):
        duty = DraftDuty(side, "Bring figures", 3, "2026-07-31")
        made = yield (
            f"a duty is added, {side}",
            lambda made=made, duty=duty: council.add_duty(made, duty, on=LATER, actor=who),
        )
    made = yield "a duty is dropped", lambda: council.drop_duty(made, 3, actor=who)
    made = yield (
        "it is laid before both sides",
        lambda: council.offer_agreement(made, why="We were ill.", on=LATER, actor=who),
    )
    for side in (who, officer):
        yield (
            f"it is signed, {side.kind}",
            lambda side=side: council.sign_agreement(made, on=LATER, actor=side),
        )
    yield "its duties come again", lambda: council.renew_duties(date(2026, 8, 1), actor=ACTOR)
    yield (
        "it is ended",
        lambda: council.end_agreement(made, "Elections.", on=LATER, actor=officer),
    )
