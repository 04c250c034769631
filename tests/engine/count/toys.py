"""Small made-up elections full of ties, and the rules again in the most obvious way.

The second half is a second opinion: fractions, no laziness, no grouping, no shared code with
doorstep.engine.count.plain. It is written from the papers, voter by voter.
"""

import random
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

from doorstep.engine.count import Election, Project, election_of
from doorstep.engine.count.supporters import Support
from doorstep.engine.count.tally import Tally

VOTE_TYPES = ("approval", "choose-1", "cumulative", "ordinal", "scoring")


def listed(ready: Tally, support: list[Support], **changes: object) -> Tally:
    """A tally with other supporters, given as lists: only plain.py can count it."""
    supporters = replace(ready.supporters)
    supporters.__dict__["support"] = support
    return replace(ready, supporters=supporters, **changes)


def toy(seed: int, vote_type: str | None = None) -> Election:
    """A random election of a few voters and projects, its numbers small enough to collide."""
    rng = random.Random(seed)
    vote_type = vote_type or rng.choice(VOTE_TYPES)
    ids = [f"p{n}" for n in range(rng.randint(1, 6))]
    halves = rng.random() < 0.2
    projects = [
        Project(one, f"Project {one}", Fraction(rng.randint(0, 12), 2 if halves else 1))
        for one in ids
    ]
    votes = []
    for _ in range(rng.randint(1, 8)):
        chosen = rng.sample(ids, rng.randint(0, min(len(ids), 4)))
        if vote_type == "choose-1":
            chosen = chosen[:1]
        if vote_type in ("cumulative", "scoring"):
            votes.append({one: Fraction(rng.randint(0, 6), 2 if halves else 1) for one in chosen})
        else:
            votes.append(chosen)
    return election_of(
        name=f"toy-{seed}.pb",
        projects=projects,
        votes=votes,
        budget=rng.randint(1, 24),
        vote_type=vote_type,
    )


Voters = list[dict[str, Fraction]]


def voters_of(election: Election, utility: str) -> Voters:
    """What each project is worth to each voter, one voter at a time."""
    voters: Voters = []
    for ballot in election.ballots:
        worth = {}
        for rank, choice in enumerate(ballot.choices):
            project = election.projects[choice]
            worth[project.id] = {
                "cost": project.cost,
                "count": Fraction(1),
                "score": ballot.points[rank] if ballot.points else Fraction(1),
                "borda": Fraction(len(ballot.choices) - rank - 1),
            }[utility]
        voters += [worth] * ballot.weight
    return voters


def supported(election: Election, utility: str) -> set[str]:
    """Projects that are worth something to somebody; by cost even a free one is, if named."""
    voters = voters_of(election, utility)
    return {p for worth in voters for p, gain in worth.items() if gain or utility == "cost"}


def first_in_tie_order(election: Election, tied: set[str], seed: str) -> str:
    cost = {project.id: project.cost for project in election.projects}
    votes = dict.fromkeys(cost, 0)
    for ballot in election.ballots:
        for choice in ballot.choices:
            votes[election.projects[choice].id] += ballot.weight
    return min(tied, key=lambda p: (cost[p], -votes[p], sha256((seed + p).encode()).hexdigest()))


def naive_rate(voters: Voters, money: list[Fraction], project: str, cost: Fraction):
    """The rate at which supporters pay a cost, trying every possible set of those who can."""
    supporters = sorted(
        (money[i] / worth[project], i) for i, worth in enumerate(voters) if worth.get(project)
    )
    if sum(money[i] for _, i in supporters) < cost:
        return None
    poor = Fraction(0)
    for position, (limit, i) in enumerate(supporters):
        rich = sum((voters[j][project] for _, j in supporters[position:]), Fraction(0))
        rate = (cost - poor) / rich
        if rate <= limit:
            return rate
        poor += money[i]
    return None


def naive_equal_shares(
    election: Election, utility: str, share: Fraction, seed: str = ""
) -> list[str]:
    voters = voters_of(election, utility)
    money = [share] * election.voters
    cost = {p.id: p.cost for p in election.projects if p.cost <= election.budget}
    waiting = supported(election, utility) & cost.keys()
    winners: list[str] = []
    while free := {p for p in waiting if not cost[p]}:
        chosen = first_in_tie_order(election, free, seed)
        winners.append(chosen)
        waiting.discard(chosen)
    while True:
        rates = {p: naive_rate(voters, money, p, cost[p]) for p in waiting}
        known = {p: rate for p, rate in rates.items() if rate is not None}
        if not known:
            return winners
        lowest = min(known.values())
        chosen = first_in_tie_order(election, {p for p in known if known[p] == lowest}, seed)
        for i, worth in enumerate(voters):
            if worth.get(chosen):
                money[i] -= min(money[i], lowest * worth[chosen])
        winners.append(chosen)
        waiting.discard(chosen)


def naive_add1(
    election: Election, utility: str, share: Fraction, step: Fraction, exhaustive: bool, seed: str
) -> list[str]:
    """Straight from the description: raise, count, and stop before the first overspending."""
    cost = {p.id: p.cost for p in election.projects}
    able = {p for p in supported(election, utility) if cost[p] <= election.budget}
    winners = naive_equal_shares(election, utility, share, seed)
    while True:
        left = election.budget - sum((cost[p] for p in winners), Fraction(0))
        if able <= set(winners):
            return winners
        if exhaustive and all(cost[p] > left for p in able - set(winners)):
            return winners
        share += step
        more = naive_equal_shares(election, utility, share, seed)
        if sum((cost[p] for p in more), Fraction(0)) > election.budget:
            return winners
        winners = more


def naive_phragmen(election: Election, seed: str = "") -> list[str]:
    voters = voters_of(election, "count")
    load = [Fraction(0)] * len(voters)
    cost = {p.id: p.cost for p in election.projects if p.cost <= election.budget}
    waiting = {p for worth in voters for p in worth if p in cost}
    left, winners = election.budget, []
    while waiting:
        at = {}
        for p in waiting:
            group = [i for i, worth in enumerate(voters) if p in worth]
            at[p] = (cost[p] + sum(load[i] for i in group)) / len(group)
        tied = {p for p in waiting if at[p] == min(at.values())}
        if any(cost[p] > left for p in tied):
            break
        chosen = first_in_tie_order(election, tied, seed)
        for i, worth in enumerate(voters):
            if chosen in worth:
                load[i] = at[chosen]
        left -= cost[chosen]
        winners.append(chosen)
        waiting.discard(chosen)
    return winners
