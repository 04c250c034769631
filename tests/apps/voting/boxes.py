"""A round with trustees who hold keys in Python, so that a box can be filled, opened and sealed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import time_machine

from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import add_projects, draft_round, freeze_round
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.apps.voting import box, trackers
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.casting import cast
from doorstep.apps.voting.actions.polls import end_poll, open_poll, prepare_poll
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Claim, CodeBatch, CodePlan, Credential, Poll, Trustee
from doorstep.apps.voting.sealing import info_of, new_key, open_sealed, seal
from doorstep.engine.count import Rule
from tests.millbrook import ACTOR, IDEAS, place_with_money

BEFORE = datetime(2026, 11, 1, 12, tzinfo=UTC)
DURING = datetime(2026, 11, 20, 12, tzinfo=UTC)
AFTER = datetime(2026, 12, 2, 12, tzinfo=UTC)
PEOPLE = ("Ann Able", "Ben Bold", "Cat Calm")


def asking(**more: object) -> Asking:
    settings = {
        "size": "street",
        "ideas_from": date(2026, 10, 1),
        "ideas_until": date(2026, 10, 20),
        "checked_by": date(2026, 10, 30),
        "opens_at": datetime(2026, 11, 10, 9, tzinfo=UTC),
        "closes_at": datetime(2026, 12, 1, 20, tzinfo=UTC),
        "minimum_age": 11,
        "publication": "whole",
        "expected_voters": 400,
        "languages": ["en", "cy"],
    }
    return Asking(**(settings | more))


def outer(slug: str, first: int, second: int) -> bytes:
    return f"doorstep round key outer v1|{slug}|{first}>{second}".encode()


def inner(slug: str, first: int, second: int) -> bytes:
    return f"doorstep round key inner v1|{slug}|{first}>{second}".encode()


@dataclass
class World:
    """One round, the private keys of its trustees, and the credentials of its voters."""

    round: Round
    keys: dict[int, bytes] = field(default_factory=dict)
    secret: bytes = b""  # the round's private key: DER, kept here because a test must compare
    accounts: list[Account] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)

    @property
    def poll(self) -> Poll:
        return Poll.objects.select_related("round__terms").get(round=self.round)

    def trustee(self, number: int) -> Trustee:
        return Trustee.objects.select_related("round").get(round=self.round, number=number)

    def hand_on(self, number: int) -> None:
        acts.hand_on(self.trustee(number), self.peeled(number), actor=ACTOR)

    def peeled(self, number: int) -> dict[int, bytes]:
        """The copies of the round's key without the layer that this trustee's key takes off."""
        return {
            copy.second.number: open_sealed(
                self.keys[number],
                bytes(copy.sealed),
                outer(self.round.slug, number, copy.second.number),
            )
            for copy in self.trustee(number).copies_to_peel.all()
        }

    def found(self) -> dict[str, object]:
        """What an honest device finds in the box."""
        slips, spoilt = [], 0
        for sealed in box.shuffled_envelopes(self.round):
            slip = box.slip_of(open_sealed(self.secret, sealed, info_of(self.round.slug)))
            if slip is None:
                spoilt += 1
            else:
                slips.append({"t": slip.tracker, "v": slip.value})
        return {"ballots": slips, "spoilt": spoilt}

    def look(self, *numbers: int) -> None:
        for number in numbers:
            acts.keep_opening(self.trustee(number), self.found(), actor=ACTOR)

    def end(self) -> None:
        with time_machine.travel(AFTER):
            end_poll(self.poll)


def drafted(slug: str = "east-2026", **more: object) -> World:
    vote_type = more.pop("vote_type", VoteType.APPROVAL)
    round_ = draft_round(
        slug,
        place_with_money(),
        title="What comes first?",
        budget_pence=300_000,
        vote_type=vote_type,
        rule=Rule(seed=slug),
        terms=asking(**more),
    )
    add_projects(round_, IDEAS)
    accounts = [
        open_account(f"{name.split()[0].lower()}@example.org", actor=ACTOR) for name in PEOPLE
    ]
    return World(round_, accounts=accounts)


def with_trustees(world: World) -> World:
    """Named, with keys, with a round's key in six copies, and each key tried."""
    slug = world.round.slug
    named = list(zip(world.accounts, PEOPLE, strict=True))
    acts.name_trustees(world.round, named, apart=True, actor=ACTOR)
    public = {}
    for number in (1, 2, 3):
        world.keys[number], public[number] = new_key()
        me = world.trustee(number)
        acts.keep_trustee_key(me, public[number], actor=Actor("person", me.account_id))
    world.secret, round_key = new_key()
    copies = sealed_copies(slug, public, round_key)
    acts.keep_round_key(world.trustee(1), round_key, copies, actor=ACTOR)
    for number in (1, 2, 3):
        acts.mark_tried(world.trustee(number))
    return world


def sealed_copies(
    slug: str, public: dict[int, bytes], round_key: bytes
) -> dict[tuple[int, int], bytes]:
    """Six copies, each for two trustees in their order, as box.js makes them."""
    # 97 bytes as box.js writes a key: here only the length matters, the test keeps the key itself.
    raw = secrets.token_bytes(32) + round_key
    return {
        (one, two): seal(
            public[one], seal(public[two], raw, inner(slug, one, two)), outer(slug, one, two)
        )
        for one in public
        for two in public
        if one != two
    }


def frozen(world: World, codes: int = 12) -> World:
    """Frozen, with codes that were made without the slow hash, and ready to open."""
    plan = CodePlan.objects.create(round=world.round, channel="door", count=codes)
    with time_machine.travel(BEFORE):
        world.round = freeze_round(world.round, on=BEFORE.date(), actor=ACTOR)
        prepare_poll(world.round)
        made = 0
        while made < codes:
            run = min(500, codes - made)
            leaf = write_leaf("voting.codes_made", {"round": world.round.slug, "codes": run})
            batch = CodeBatch.objects.create(
                plan=plan, number=made // 500 + 1, count=run, root=bytes(32), leaf=leaf
            )
            for place in range(made, made + run):
                world.credentials.append(
                    Credential.objects.create(
                        round=world.round,
                        batch=batch,
                        selector=f"{place:04}",
                        salt=secrets.token_bytes(16),
                        hashed=secrets.token_bytes(33),
                    )
                )
            made += run
    return world


def opened(world: World) -> World:
    with time_machine.travel(DURING):
        open_poll(world.poll)
    return world


def vote(world: World, voter: int, ideas: Sequence[int], tracker: str = "") -> str:
    """Cast one ballot; gives its tracker."""
    tracker = tracker or trackers.new()
    credential = Credential.objects.select_related("round__poll", "round__terms").get(
        pk=world.credentials[voter].pk
    )
    with time_machine.travel(DURING):
        cast(credential, Choice(tuple((idea, 1) for idea in ideas)), tracker)
    return tracker


def on_paper(world: World, voter: int) -> None:
    """Spend a code on paper, without the slow hash of `spend_on_paper`."""
    claim = Claim.objects.filter(credential=world.credentials[voter])
    if not claim.update(channel="paper"):
        Claim.objects.create(credential=world.credentials[voter], channel="paper")


def running(**more: object) -> World:
    return opened(frozen(with_trustees(drafted(**more))))
