"""The acts of a vote whose box the house opens: codes, papers, votes, the desk, the count."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from doorstep.apps.awards.actions.awards import settle_round
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import count_round, freeze_round, withdraw_project
from doorstep.apps.rounds.models import Project
from doorstep.apps.voting import trackers
from doorstep.apps.voting.actions import desk
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.actions.casting import cast, credential_of, redeem, spend_on_paper
from doorstep.apps.voting.actions.paper import count_stack, key_sheet, print_stack
from doorstep.apps.voting.actions.polls import end_poll, log_envelopes, open_poll
from doorstep.apps.voting.actions.printing import plan_codes, print_run, spoil_run
from doorstep.apps.voting.actions.trustees import ask_the_house
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Channel, Credential
from tests.apps.voting import polling as at_polls
from tests.millbrook import ACTOR
from tests.site.agreeing import Acts
from tests.site.moments import at, hours_apart


def ballots() -> Acts:
    before, during, after = at_polls.BEFORE, at_polls.DURING, at_polls.AFTER
    polling = at_polls.planned(slug="east-vote", cards=3)
    yield "more codes are planned", lambda: plan_codes(polling.round, Channel.DOOR, 14)
    yield (
        "a round is frozen",
        at(before, lambda: freeze_round(polling.round, on=before.date(), actor=ACTOR)),
    )
    polling.round.refresh_from_db()
    yield from codes_are_printed(polling)
    stack = yield (
        "papers are printed",
        at(
            before,
            lambda: print_stack(polling.round, sheets=2, look="normal", language="en", actor=ACTOR),
        ),
    )
    yield "voting opens", at(during, lambda: open_poll(polling.poll))
    yield from votes(polling, during)
    yield "voting ends", at(after, lambda: end_poll(polling.poll))
    yield (
        "a paper taken in after the end",
        at(after, lambda: spend_on_paper(polling.round, polling.codes[1].printed, actor=ACTOR)),
    )
    yield from papers(polling, stack, after)
    for member in (polling.printer, polling.beside):
        yield (
            "one of two asks the house",
            at(
                after,
                lambda member=member: ask_the_house(
                    polling.round, member, actor=Actor("partnership_member", member.pk)
                ),
            ),
        )
    yield "the box is opened", at(after, lambda: open_box(polling.round, actor=ACTOR))
    yield "the links are destroyed", at(after, lambda: seal_round(polling.round, actor=ACTOR))
    yield "the count", hours_apart(after, lambda: count_round(polling.round, actor=ACTOR))
    yield (
        "winners become awards",
        at(after, lambda: settle_round(polling.round, on=after.date(), actor=ACTOR)),
    )


def codes_are_printed(polling) -> Acts:
    two = {"printer": polling.printer, "beside": polling.beside}
    cards, doors = at_polls.card_plan(polling), polling.round.code_plans.get(channel="door")
    wasted = yield "codes are printed", lambda: print_run(doors, 1, **two)
    yield (
        "a run is spoilt",
        lambda: spoil_run(wasted.batch, actor=Actor("partnership_member", polling.printer.pk)),
    )
    made = yield "codes are printed again", lambda: print_run(doors, 2, **two)
    polling.codes += [code for code, _address in made.letters]
    made = yield "cards are printed", lambda: print_run(cards, 1, **two)
    polling.letters += [code for code, _address in made.letters]


def votes(polling, during: datetime) -> Acts:
    ids = [polling.credential(code).pk for code in polling.codes]
    tracker = trackers.new()

    def voting(number: int, idea: int = 0) -> Callable[[], Any]:
        return at(during, lambda: cast(credential_of(ids[number]), Choice(((idea, 1),)), tracker))

    # Three wrong codes were typed before the right one.
    mine = Credential.objects.filter(pk=ids[0])
    mine.update(tries_left=2)
    yield (
        "a code is typed",
        at(during, lambda: redeem(polling.codes[0].printed, address="198.51.100.7")),
    )
    mine.update(tries_left=0)
    yield "a code is unlocked", at(during, lambda: desk.unlock(mine.get(), actor=ACTOR))
    yield "a vote", voting(0)
    yield "a changed vote", voting(0, 1)
    for number in range(1, 11):
        voting(number)()
    yield "votes are logged", at(during, lambda: log_envelopes(polling.poll))
    yield (
        "a vote on paper",
        at(during, lambda: spend_on_paper(polling.round, polling.codes[11].printed, actor=ACTOR)),
    )
    yield (
        "paper replaces a vote",
        at(during, lambda: spend_on_paper(polling.round, polling.codes[0].printed, actor=ACTOR)),
    )
    yield (
        "a code is made void",
        at(during, lambda: desk.void(polling.credential(polling.codes[12]), actor=ACTOR)),
    )
    yield (
        "a code is replaced",
        at(
            during,
            lambda: desk.replace(
                polling.credential(polling.codes[13]), polling.letters[0].selector, actor=ACTOR
            ),
        ),
    )
    yield (
        "an idea is taken off",
        at(
            during,
            lambda: withdraw_project(
                Project.objects.get(round=polling.round, code="bus"), reason="Sold.", actor=ACTOR
            ),
        ),
    )


def papers(polling, stack, after: datetime) -> Acts:
    keyers = [polling.printer, polling.beside]
    for place, tracker in enumerate(stack.trackers, start=1):
        for keyer in keyers:
            yield (
                f"paper {place} is keyed",
                at(
                    after,
                    lambda place=place, tracker=tracker, keyer=keyer: key_sheet(
                        stack.stack, place, tracker=tracker, marks="1", spoilt=False, keyer=keyer
                    ),
                ),
            )
    for keyer in keyers:
        yield (
            "a stack is counted",
            at(after, lambda keyer=keyer: count_stack(stack.stack, 2, counter=keyer, actor=ACTOR)),
        )
