"""The acts of a vote whose box two of three trustees open, of which totals alone are published;
and of one that is called off."""

from doorstep.apps.people.actions import open_account
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import cancel_round, count_round, freeze_round, sign_recount
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting import trackers
from doorstep.apps.voting.actions import desk
from doorstep.apps.voting.actions import trustees as keys
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.actions.casting import cast, credential_of
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.apps.voting.actions.printing import keep_addresses
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.sealing import new_key
from doorstep.engine.count import Rule, canonical, count, read_pabulib
from tests.apps.voting import polling as at_polls
from tests.apps.voting.boxes import PEOPLE, World, sealed_copies
from tests.apps.voting.polling import AFTER, BEFORE, DURING
from tests.millbrook import ACTOR
from tests.site.agreeing import Acts
from tests.site.moments import at, hours_apart

LETTERS = ["1 Mill Lane", "2 Mill Lane"]
TRUSTEES = {"secrecy": "trustees", "secrecy_reason": "", "publication": "aggregate"}


def three_keys() -> Acts:
    polling = at_polls.planned(slug="west-vote", cards=3, letters=LETTERS, **TRUSTEES)
    world = World(polling.round)
    yield from keys_are_made(world)
    world.round = at(BEFORE, lambda: freeze_round(world.round, on=BEFORE.date(), actor=ACTOR))()
    yield (
        "a list of addresses is kept",
        lambda: keep_addresses(at_polls.letter_plan(polling), LETTERS),
    )
    at_polls.printed(polling)
    at_polls.opened(polling)
    yield (
        "a letter came back",
        at(
            DURING,
            lambda: desk.letter_returned(polling.credential(polling.letters[0]), actor=ACTOR),
        ),
    )
    for number, code in enumerate([*polling.codes, polling.letters[1]]):
        pk, tracker = polling.credential(code).pk, trackers.new()
        choice = Choice(((number % 2, 1),))
        at(DURING, lambda pk=pk, c=choice, t=tracker: cast(credential_of(pk), c, t))()
    at(AFTER, lambda: end_poll(world.poll))()
    yield from it_is_opened(world)
    yield from a_vote_is_called_off()


def keys_are_made(world: World) -> Acts:
    slug, public = world.round.slug, {}
    world.accounts = [
        open_account(f"{name.split()[0].lower()}@{slug}.three.example", actor=ACTOR)
        for name in PEOPLE
    ]
    people = list(zip(world.accounts, PEOPLE, strict=True))
    yield (
        "three trustees are named",
        lambda: keys.name_trustees(world.round, people, apart=True, actor=ACTOR),
    )
    for number in (1, 2, 3):
        world.keys[number], public[number] = new_key()
        yield (
            f"trustee {number} gives a key",
            lambda number=number: keys.keep_trustee_key(
                world.trustee(number),
                public[number],
                actor=Actor("person", world.accounts[number - 1].pk),
            ),
        )
    world.secret, made = new_key()
    copies = sealed_copies(slug, public, made)
    yield (
        "the round's key is made",
        lambda: keys.keep_round_key(world.trustee(1), made, copies, actor=ACTOR),
    )
    for number in (1, 2, 3):
        yield (
            f"trustee {number} has tried theirs",
            lambda number=number: keys.mark_tried(world.trustee(number)),
        )


def it_is_opened(world: World) -> Acts:
    for number in (1, 2):
        yield (
            f"trustee {number} hands on",
            lambda number=number: keys.hand_on(
                world.trustee(number), world.peeled(number), actor=ACTOR
            ),
        )
    found = world.found()
    for number in (1, 2):
        yield (
            f"trustee {number} looks into the box",
            lambda number=number: keys.keep_opening(world.trustee(number), found, actor=ACTOR),
        )
    yield "two trustees agree", at(AFTER, lambda: open_box(world.round, actor=ACTOR))
    yield "a key is deleted", lambda: keys.key_is_gone(world.trustee(3), actor=ACTOR)
    yield (
        "its totals are counted",
        hours_apart(AFTER, lambda: count_round(world.round, actor=ACTOR)),
    )
    round_ = Round.objects.select_related("box").get(pk=world.round.pk)
    election = read_pabulib(round_.box.pabulib, name=f"{round_.slug}.pb")
    outcome = canonical(count(election, Rule.from_dict(round_.rule))).encode()
    for number in (1, 2):
        signer = world.trustee(number)
        yield (
            f"trustee {number} signs a recount",
            lambda signer=signer: sign_recount(
                round_, outcome, signer=signer.account, name=signer.name, actor=ACTOR
            ),
        )


def a_vote_is_called_off() -> Acts:
    polling = at_polls.frozen(at_polls.planned(slug="off-vote", cards=1))
    at_polls.opened(at_polls.printed(polling))
    on = {"on": DURING.date(), "actor": ACTOR}
    yield (
        "a round is called off",
        at(DURING, lambda: cancel_round(polling.round, reason="The hall burnt down.", **on)),
    )
    yield "it is sealed unopened", at(DURING, lambda: seal_round(polling.round, actor=ACTOR))
