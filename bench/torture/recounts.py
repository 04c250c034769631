"""Counts a round of 5,000 voters and 50 ideas again from what is published, as two strangers would.

Each stranger is a process of its own with the published file, the command on the page, another
layer of the engine and another hash seed. What they print must be the published result.
"""

import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path
from random import Random

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T16",)
EACH_DATABASE = True

STRANGERS = (
    {"PYTHONHASHSEED": "1", "DOORSTEP_COUNT_LAYER": "kernel"},
    {"PYTHONHASHSEED": "2", "DOORSTEP_COUNT_LAYER": "plain"},
)
BARS = {"greedy": 10, "equal-shares": 60}  # seconds of one processor


def main(options: Options) -> list[Figure]:
    told, faults = [], []
    with fresh(options):
        for name, bar in BARS.items():
            command = _published(options, name)
            published = (options.folder / "result.json").read_bytes()
            taken = []
            for number, stranger in enumerate(STRANGERS):
                options.say(f"{name}: stranger {number + 1} counts", at_most_every=0)
                printed, seconds = _counted(options.folder, command, stranger)
                taken.append(seconds)
                if printed != published:
                    faults.append(f"{name}: stranger {number + 1} got another result")
                if seconds > bar:
                    faults.append(f"{name}: {seconds:.0f} s, over {bar}")
            times = " and ".join(f"{one:.1f} s" for one in taken)
            told.append(f"{name}: the same {len(published):,} bytes twice, {times}")
    size = f"{options.size(500, 5_000):,} voters, {options.size(10, 50)} ideas"
    figure = "; ".join([size, *told, *faults])
    return [Figure("T16", "counted by two strangers", figure, not faults)]


def _published(options: Options, name: str) -> list[str]:
    """Count a round, download its files into the run's folder, and give the page's command."""
    from django.test import Client

    from doorstep.apps.rounds.ballots import count_command
    from doorstep.apps.rounds.importing import import_example
    from doorstep.engine.count import Rule
    from doorstep.site.operations import close_and_settle
    from tests.millbrook import ACTOR, DAY, give_example_budget, place_with_money

    place = place_with_money(slug=f"by-{name}")
    give_example_budget(place, 100_000_000)
    file = options.folder / f"{name}.pb"
    file.write_bytes(_election(options, options.chance(name)))
    round_ = import_example(file, place, rule=Rule(name=name), on=DAY, actor=ACTOR)
    round_ = close_and_settle(round_, actor=ACTOR)
    client = Client(headers={"host": "localhost"})
    for kept, address in ((f"{round_.slug}.pb", "ballots.pb"), ("result.json", "result.json")):
        answer = client.get(f"/rounds/{round_.slug}/{address}")
        assert answer.status_code == 200, (address, answer.status_code)
        (options.folder / kept).write_bytes(answer.content)
    return shlex.split(count_command(round_))


def _election(options: Options, chance: Random) -> bytes:
    from fractions import Fraction

    from doorstep.engine.count import Project, election_of, write_pabulib

    ideas = [f"idea-{number}" for number in range(options.size(10, 50))]
    liked = [chance.paretovariate(1.2) for _ in ideas]
    return write_pabulib(
        election_of(
            name="large",
            projects=[Project(i, i, Fraction(chance.randrange(500, 60_000))) for i in ideas],
            votes=[
                sorted(set(chance.choices(ideas, liked, k=chance.randrange(1, 9))))
                for _ in range(options.size(500, 5_000))
            ],
            budget=300_000,
        )
    )


def _counted(folder: Path, command: list[str], stranger: dict[str, str]) -> tuple[bytes, float]:
    """What the command prints, and the processor's seconds that it took."""
    doorstep = str(Path(sys.executable).with_name("doorstep"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [doorstep, *command[1:], "--json", "-"],
        cwd=folder, env=os.environ | stranger, capture_output=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
