"""Doorstep timed on one question, as a line of JSON; the layer is DOORSTEP_COUNT_LAYER.

    python -m bench.count.ours FILE.pb read|equal-shares|add1|phragmen|greedy

Everything between a grouped election and its winners is timed, the preparation too, and no
reasons, which the peer does not give; `told` is the whole count with its reasons, where the layer
is not plain. Processor seconds, medians.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from doorstep.engine.count import Election, Rule, count, read_pabulib
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.decide import winners
from doorstep.engine.count.layers import layer_named
from doorstep.engine.count.tally import tally

LONG_ENOUGH = 0.5  # seconds of measuring, unless one run takes longer
FEWEST, MOST = 3, 51
SLOW = 20.0  # a question that takes so long is asked once

RULES = {
    "equal-shares": Rule(completion="none"),
    "add1": Rule(completion="add1"),
    "phragmen": Rule("phragmen"),
    "greedy": Rule("greedy"),
}


def median(work: Callable[[], object]) -> float:
    taken: list[float] = []
    while len(taken) < FEWEST or (sum(taken) < LONG_ENOUGH and len(taken) < MOST):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
        if taken[-1] > SLOW:
            break
    return statistics.median(taken)


def decided(election: Election, rule: Rule) -> list[int]:
    settled = rule.settled(election)
    ready = tally(election, settled)
    return winners(ready, settled, entrants(election, settled, ready), layer_named())


def grouped_bytes(election: Election) -> int:
    profile = election.profile
    columns = (profile.starts, profile.choices, profile.weights)
    return sum(len(column) * column.itemsize for column in columns)


def main(file: str, question: str) -> None:
    path = Path(file)
    election = read_pabulib(path)
    if question == "read":
        answer: dict[str, float] = {
            "seconds": median(lambda: read_pabulib(path)),
            "bytes": path.stat().st_size,
        }
    else:
        rule = RULES[question]
        seconds = median(lambda: decided(election, rule))
        answer = {"seconds": seconds, "bytes": grouped_bytes(election)}
        if layer_named().name != "plain":
            answer["told"] = median(lambda: count(election, rule))
    print(json.dumps({**answer, "layer": layer_named().name}))


if __name__ == "__main__":
    main(*sys.argv[1:])
