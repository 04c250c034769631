"""A street round whose house opens the box, with printed codes in clear, open for voting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import time_machine

from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.rounds.actions import add_projects, draft_round, freeze_round
from doorstep.apps.rounds.models import Project, Round, VoteType
from doorstep.apps.voting.actions.polls import open_poll
from doorstep.apps.voting.actions.printing import (
    keep_addresses,
    next_run,
    plan_codes,
    print_run,
)
from doorstep.apps.voting.codes import Code
from doorstep.apps.voting.models import Channel, CodePlan, Credential, Poll, RoundKey
from doorstep.apps.voting.sealing import info_of, open_sealed
from doorstep.engine.count import Rule
from tests.apps.voting.boxes import asking
from tests.millbrook import ACTOR, IDEAS, place_with_money

BEFORE = datetime(2026, 11, 1, 12, tzinfo=UTC)
DURING = datetime(2026, 11, 20, 12, tzinfo=UTC)
AFTER = datetime(2026, 12, 2, 12, tzinfo=UTC)
LANGUAGES = {"languages": ["en", "cy"]}
HOUSE = {"secrecy": "house", "secrecy_reason": "Twelve neighbours who know each other."}


@dataclass
class Polling:
    round: Round
    printer: Account
    beside: Account
    codes: list[Code] = field(default_factory=list)  # desk cards
    letters: list[Code] = field(default_factory=list)

    @property
    def poll(self) -> Poll:
        return Poll.objects.select_related("round__terms").get(round=self.round)

    def credential(self, code: Code) -> Credential:
        return Credential.objects.get(round=self.round, selector=code.selector)

    def opened(self, sealed: bytes) -> bytes:
        """What is in an envelope, with the house's key."""
        from doorstep.apps.organisations import strongbox
        from doorstep.apps.voting.actions.trustees import KEY_OF_A_ROUND

        key = RoundKey.objects.get(round=self.round)
        private = bytes.fromhex(strongbox.open_sealed(key.in_strongbox, KEY_OF_A_ROUND))
        return open_sealed(private, sealed, info_of(self.round.slug))


def planned(
    *,
    slug: str = "east-2026",
    cards: int = 4,
    letters: Sequence[str] = (),
    ideas: Sequence[tuple[str, str, int]] = IDEAS,
    vote_type: VoteType = VoteType.APPROVAL,
    **more: object,
) -> Polling:
    """A draft with its plan of codes and the two people who will print."""
    place = place_with_money(slug=f"place-of-{slug}"[:40])
    round_ = draft_round(
        slug,
        place,
        title="What comes first?",
        budget_pence=300_000,
        vote_type=vote_type,
        rule=Rule(seed=slug),
        terms=asking(**(HOUSE | more)),
    )
    add_projects(round_, ideas)
    plan_codes(round_, Channel.DESK, cards)
    if letters:
        plan_codes(round_, Channel.LETTER, len(letters), area="Mill Lane")
    people = [open_account(f"{who}@{slug}.example.org", actor=ACTOR) for who in ("ann", "ben")]
    return Polling(round_, *people)


def frozen(polling: Polling, letters: Sequence[str] = ()) -> Polling:
    with time_machine.travel(BEFORE, tick=False):
        polling.round = freeze_round(polling.round, on=BEFORE.date(), actor=ACTOR)
    if letters:
        keep_addresses(letter_plan(polling), list(letters))
    return polling


def letter_plan(polling: Polling) -> CodePlan:
    return CodePlan.objects.get(round=polling.round, channel=Channel.LETTER)


def card_plan(polling: Polling) -> CodePlan:
    return CodePlan.objects.get(round=polling.round, channel=Channel.DESK)


def printed(polling: Polling) -> Polling:
    for plan in CodePlan.objects.filter(round=polling.round):
        while next_run(plan)[1]:
            done = print_run(
                plan, next_run(plan)[0], printer=polling.printer, beside=polling.beside
            )
            kept = polling.letters if plan.channel == Channel.LETTER else polling.codes
            kept += [code for code, _address in done.letters]
    return polling


def opened(polling: Polling) -> Polling:
    with time_machine.travel(DURING, tick=False):
        open_poll(polling.poll)
    return polling


def running(*, letters: Sequence[str] = (), **more: object) -> Polling:
    """Open for voting, with its codes printed."""
    return opened(printed(frozen(planned(letters=letters, **more), letters)))


def withdrawn_project(polling: Polling, code: str) -> None:
    from doorstep.apps.rounds.actions import withdraw_project

    project = Project.objects.get(round=polling.round, code=code)
    with time_machine.travel(DURING, tick=False):
        withdraw_project(project, reason="The land was sold.", actor=ACTOR)
