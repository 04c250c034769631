"""Run by the Python of .venv-peers: pabutools timed on one question, as a line of JSON.

    peer.py FILE.pb read|equal-shares|add1|phragmen|greedy plain|multi

`seconds` is processor time of the question alone: the file is read, and for `multi` its ballots
merged, before the clock starts (for `read` that is what is timed). Fractions are gmpy2's.
"""

import json
import sys
import time

from pabutools import election, rules


def main(file: str, question: str, form: str) -> None:
    sys.setrecursionlimit(20_000)
    began = time.process_time()
    instance, profile = election.parse_pabulib(file)
    if form == "multi":
        profile = profile.as_multiprofile()
    if question == "read":
        print(json.dumps({"seconds": time.process_time() - began}))
        return
    began = time.process_time()
    if question == "phragmen":
        won = rules.sequential_phragmen(instance, profile)
    elif question == "greedy":
        won = rules.greedy_utilitarian_welfare(instance, profile, sat_class=election.Cost_Sat)
    else:
        step = 1 if question == "add1" else None
        won = rules.method_of_equal_shares(
            instance, profile, sat_class=election.Cost_Sat, voter_budget_increment=step
        )
    print(json.dumps({"seconds": time.process_time() - began, "winners": len(won)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
