"""Guesses voting codes through the pages from many addresses, and prices a guess at a stolen table.

The guesser knows every selector, which stands on letters in public, and writes codes with the right
check character, so that each costs a try. Every hundredth guess is a burst from one address.
"""

import random
import time
from collections import Counter

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T18",)
EACH_DATABASE = True

PRICED = 30
BAR_MS = 30


def main(options: Options) -> list[Figure]:
    guesses, cards = options.size(300, 100_000), options.size(8, 400)
    with fresh(options):
        from tests.apps.voting.polling import DURING, running

        polling = running(cards=cards)
        with time_machine.travel(DURING, tick=True):
            guessed = _guess(options, polling, guesses)
        return [guessed, _price()]


def _guess(options: Options, polling, guesses: int) -> Figure:
    from bench.torture.frame.visitors import visitor
    from doorstep.apps.voting.models import Claim, Credential

    chance, answers = options.chance(), Counter[int]()
    real = {code.printed for code in polling.codes}
    hits, looked_at = 0, Counter[str]()
    standing = dict(Credential.objects.values_list("selector", "tries_left"))
    for number in range(guesses):
        selector = chance.choice(polling.codes).selector
        typed = _code(selector, chance)
        if typed in real:
            continue
        client = visitor(REMOTE_ADDR=_address(number, chance))
        answer = client.post("/vote/", {"code": typed})
        answers[answer.status_code] += 1
        hits += answer.status_code == 303 or "doorstep-ballot" in answer.cookies
        left = Credential.objects.get(selector=selector).tries_left
        looked_at[selector] += standing[selector] - left
        standing[selector] = left
        options.say(f"{number:,} of {guesses:,} guesses")
    most = max(looked_at.values())
    locked = Credential.objects.filter(tries_left=0).count()
    figure = (
        f"{guesses:,} guesses at {len(polling.codes)} codes; hits {hits}, votes "
        f"{Claim.objects.count()}, most tries of one code {most}, codes locked {locked}; "
        f"answers {dict(answers)}"
    )
    held = not hits and not Claim.objects.exists()
    held = held and most <= _tries() and set(answers) <= {409, 429}
    return Figure("T18", "guesses through the web", figure, held)


def _tries() -> int:
    from django.utils import timezone

    from doorstep.engine.rulebook import rule

    return int(rule("voting.tries", timezone.localdate()).value)


def _code(selector: str, chance: random.Random) -> str:
    from doorstep.apps.voting import codes

    secret = "".join(chance.choice(codes.ALPHABET) for _ in range(codes.SECRET))
    return codes.Code(selector, secret).printed


def _address(number: int, chance: random.Random) -> str:
    """Mostly a new one each time, as with many hired machines; now and then the same again."""
    if number % 100 < 10:
        return "198.51.100.7"
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"


def _price() -> Figure:
    """Processor time of one guess at a table that was stolen together with the pepper."""
    from doorstep.apps.voting import codes

    code, salt = codes.new_code("W7K2"), bytes(16)
    began = time.process_time()
    for _ in range(PRICED):
        codes.hashed(code, salt)
    each = (time.process_time() - began) / PRICED * 1000
    years = 2**55 / 2 * each / 1000 / 3600 / 24 / 365.25
    figure = (
        f"{each:.0f} ms of one processor a guess; half of all secrets of a code: {years:,.0f} years"
    )
    return Figure("T18", "a stolen table", figure, each >= BAR_MS)
