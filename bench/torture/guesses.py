"""Guesses voting codes through the pages from many addresses, and prices a guess at a stolen table.

The guesser knows every selector, which stands on letters in public, and writes codes with the right
check character, so that each costs a try. One guess in ten comes from the same address, the
others mostly from a new one. As many processes as there are cores guess, each at codes of its own.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh
from bench.torture.frame.hands import side_by_side
from doorstep.engine.rulebook import rule

NUMBERS = ("T18",)
EACH_DATABASE = True

PRICED = 30
BAR_MS = 30


@dataclass
class Guessed:
    """What one process saw: the answers by status, and what became of the codes."""

    codes: int
    guesses: int = 0
    hits: int = 0
    votes: int = 0
    most_tries: int = 0
    locked: int = 0
    price_ms: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)


def main(options: Options) -> list[Figure]:
    every = side_by_side(_part, options, options.size(300, 100_000))
    return [_told(every), _priced(min(one.price_ms for one in every))]


def _part(options: Options, guesses: int) -> Guessed:
    with fresh(options):
        from tests.apps.voting.polling import DURING, running

        polling = running(cards=options.size(8, 200))
        with time_machine.travel(DURING, tick=True):
            seen = _guess(options, polling, guesses)
        seen.price_ms = _price()
        return seen


def _guess(options: Options, polling, guesses: int) -> Guessed:
    from bench.torture.frame.visitors import visitor
    from doorstep.apps.voting.models import Claim, Credential

    chance, client, seen = options.chance(), visitor(), Guessed(codes=len(polling.codes))
    real = {code.printed for code in polling.codes}
    spent = Counter[str]()
    standing = dict(Credential.objects.values_list("selector", "tries_left"))
    for number in range(guesses):
        selector = chance.choice(polling.codes).selector
        typed = _code(selector, chance)
        if typed in real:
            continue
        client.cookies.clear()  # another browser
        answer = client.post("/vote/", {"code": typed}, REMOTE_ADDR=_address(number, chance))
        seen.guesses += 1
        seen.answers[answer.status_code] += 1
        seen.hits += answer.status_code == 303 or "doorstep-ballot" in answer.cookies
        left = Credential.objects.get(selector=selector).tries_left
        spent[selector] += standing[selector] - left
        standing[selector] = left
        options.say(f"{number:,} of {guesses:,} guesses")
    seen.votes, seen.most_tries = Claim.objects.count(), max(spent.values())
    seen.locked = Credential.objects.filter(tries_left=0).count()
    return seen


def _told(every: list[Guessed]) -> Figure:
    hits, votes = sum(one.hits for one in every), sum(one.votes for one in every)
    most = max(one.most_tries for one in every)
    answers = sum((one.answers for one in every), Counter[int]())
    figure = (
        f"{sum(one.guesses for one in every):,} guesses at {sum(one.codes for one in every)} "
        f"codes; hits {hits}, votes {votes}, most tries of one code {most}, codes locked "
        f"{sum(one.locked for one in every)}; answers {dict(answers)}"
    )
    held = not hits and not votes and most <= _tries() and set(answers) <= {409, 429}
    return Figure("T18", "guesses through the web", figure, held)


def _tries() -> int:
    return int(rule("voting.tries", datetime.now(UTC).date()).value)


def _code(selector: str, chance: random.Random) -> str:
    from doorstep.apps.voting import codes

    secret = "".join(chance.choice(codes.ALPHABET) for _ in range(codes.SECRET))
    return codes.Code(selector, secret).printed


def _address(number: int, chance: random.Random) -> str:
    """Mostly a new one each time, as with many hired machines; now and then the same again."""
    if number % 100 < 10:
        return "198.51.100.7"
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"


def _price() -> float:
    """Milliseconds of one processor for a guess at a table that was stolen with its pepper."""
    from doorstep.apps.voting import codes

    code, salt = codes.new_code("W7K2"), bytes(16)
    began = time.process_time()
    for _ in range(PRICED):
        codes.hashed(code, salt)
    return (time.process_time() - began) / PRICED * 1000


def _priced(each: float) -> Figure:
    years = 2**55 / 2 * each / 1000 / 3600 / 24 / 365.25
    figure = (
        f"{each:.0f} ms of one processor a guess; half of all secrets of a code: {years:,.0f} years"
    )
    return Figure("T18", "a stolen table", figure, each >= BAR_MS)
