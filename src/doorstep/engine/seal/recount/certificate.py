"""Everything a certificate says, found again from the ballots, and compared field by field."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from hashlib import sha256

from .ballots import Ballots, UnreadableError, read_ballots
from .carried import with_carried
from .law import Count, Json, Round, Shares, Stretch, Tell, add1, by_score, phragmen

FORM = "doorstep count certificate 1"
MEASURE = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40}|/[1-9][0-9]{0,39})?", re.ASCII)
NAMES = ("equal-shares", "greedy", "greedy-no-skip", "greedy-threshold", "phragmen")
COMPLETIONS = ("none", "add1", "add1u", "utilitarian")
SETTINGS = (
    *("name", "utility", "completion", "increment", "integral_start", "stop_when_exhaustive"),
    *("threshold", "ties", "seed"),
)


class WrongError(ValueError):
    """The first thing that is wrong with a certificate, as a sentence."""


def found(ballots: Ballots, rule: Json, claimed: list[int], tell: Tell) -> Json:
    """Everything that a certificate of these ballots under this rule says, but its digest."""
    count = Count(ballots, rule)
    rounds, pot, shares, skip = list[Round](), count.pot, None, True
    line, left = list[int](), dict[int, Fraction]()
    if rule["name"] == "phragmen":
        rounds, pot = phragmen(count, pot)
        left = dict.fromkeys(count.entrants, Fraction(pot, count.unit))
    elif rule["name"] != "equal-shares":
        line, skip = count.entrants, rule["name"] != "greedy-no-skip"
    elif count.entrants:
        shares, run = _by_shares(count, claimed, tell)
        rounds, pot = run.rounds, pot - sum(count.cost[one.project] for one in run.rounds)
        rest = [p for p in count.entrants if p not in {one.project for one in rounds}]
        left = {p: _kept(run, p) / count.unit for p in rest}
        if rule["completion"] in ("add1u", "utilitarian") or _all_fit(count):
            line = rest
    funded, at_turn = by_score(count, line, pot, skip)
    if not shares:
        left |= {p: Fraction(at_turn[p], count.unit) for p in line}
    chosen = [one.project for one in rounds] + funded
    return {
        "form": FORM,
        "election": {
            "sha256": ballots.sha256,
            "voters": count.voters,
            "projects": len(count.cost),
            "budget": _decimal(ballots.pot),
        },
        "rule": rule,
        **_carry_over(count, ballots),
        "shares": shares,
        "winners": [
            {
                **_about(count, ballots, one.project),
                "price": _ratio(count.money(one.rate)),
                "paid_in_full": one.in_full,
                "level": [ballots.projects[p].id for p in one.level if p != one.project],
            }
            for one in rounds
        ]
        + [
            {**_about(count, ballots, p), "price": None, "paid_in_full": None, "level": []}
            for p in funded
        ],
        "others": [
            {
                **_about(count, ballots, p),
                "left": _ratio(left[p]) if p in left else None,
            }
            for p in range(len(count.cost))
            if p not in chosen
        ],
        "spent": _decimal(Fraction(sum(count.cost[p] for p in chosen), count.unit)),
    }


def _all_fit(count: Count) -> bool:
    """add1 takes no step where all who take part fit in the pot together: all are funded."""
    steps = count.rule["completion"] in ("add1", "add1u")
    return steps and sum(count.cost[p] for p in count.entrants) <= count.pot


def _by_shares(count: Count, claimed: list[int], tell: Tell) -> tuple[Json, Shares]:
    """What the certificate says of the shares, and the run at the final one."""
    if count.brought >= count.pot:
        raise WrongError("As much is carried over as the pot holds, which no rule counts.")
    first, steps = (count.pot - count.brought) // count.voters, 0
    if count.rule["integral_start"]:
        first -= first % count.unit
        if not first:
            raise WrongError("The rule starts at a whole share, and the share is under one unit.")
    history: list[Stretch] = []
    if count.rule["completion"] in ("add1", "add1u") and not _all_fit(count):
        steps, history = add1(count, first, claimed, tell)
    run = Shares(count, first + steps * count.step)
    run.proved()
    history = history or [(0, sum(count.cost[one.project] for one in run.rounds))]
    return {
        "first": _ratio(Fraction(first, count.unit)),
        "final": _ratio(Fraction(first + steps * count.step, count.unit)),
        "steps": steps,
        "history": [[step, _decimal(Fraction(spent, count.unit))] for step, spent in history],
    }, run


def _kept(run: Shares, p: int) -> Fraction:
    """What the supporters of a project have left together, in grains."""
    money, scales, kept = run.money[-1], run.scales[-1], Fraction()
    for states in run.held(p).values():
        for s, people in states.items():
            kept += Fraction(people * money[s], scales[run.since[s]])
    return kept


def _carry_over(count: Count, ballots: Ballots) -> Json:
    """What was carried over, where anything was."""
    carried = ballots.carried
    if not carried:
        return {}
    amounts = [(amount, people) for (_, amount), people in carried.groups.items()]
    return {
        "carry_over": {
            "by": carried.by,
            "sha256": carried.sha256,
            "voters": sum(people for amount, people in amounts if amount),
            "total": _ratio(Fraction(count.brought, count.unit)),
            "largest": _ratio(max((amount for amount, _ in amounts), default=Fraction())),
            "absent": carried.absent,
        }
    }


def _about(count: Count, ballots: Ballots, p: int) -> Json:
    project = ballots.projects[p]
    return {
        "id": project.id,
        "name": project.name,
        "cost": _decimal(project.cost),
        "votes": count.votes[p],
    }


def _ratio(number: Fraction) -> str:
    return f"{_digits(number.numerator)}/{_digits(number.denominator)}"


def _digits(number: int) -> str:
    """Python writes no number of over 4,300 digits at once; a price may have more."""
    if number < 0:
        return "-" + _digits(-number)
    parts = []
    while number >= 10**4000:
        number, part = divmod(number, 10**4000)
        parts.append(f"{part:04000d}")
    return "".join([str(number), *reversed(parts)])


def _decimal(number: Fraction) -> str:
    """The exact decimal of a number that has one, with no zero too many; else "p/q"."""
    for places in range(40):
        if (number * 10**places).denominator == 1:
            digits = f"{int(number * 10**places):0{places + 1}d}"
            return digits[:-places] + "." + digits[-places:] if places else digits
    return _ratio(number)


# Comparing ----------------------------------------------------------------------------------------


def digest(certificate: Json) -> str:
    """SHA-256 of a certificate's canonical bytes without its digest: it binds the settings, too,
    that changed nothing in this election."""
    return sha256(_canonical({k: v for k, v in certificate.items() if k != "digest"})).hexdigest()


def _canonical(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _is_canonical(claim: Json, certificate: bytes) -> bool:
    try:
        return _canonical(claim) == certificate
    except ValueError:  # half a surrogate pair has no bytes
        return False


def verify(
    certificate: bytes,
    pb: bytes,
    tell: Tell = lambda step: None,
    carry_over: bytes | None = None,
) -> str:
    """One sentence that says the certificate is right. Raises WrongError or UnreadableError.

    carry_over: the file that says what voters carried over, where they did.
    """
    try:
        claim = json.loads(certificate)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"The certificate is not JSON: {error}.") from None
    if not isinstance(claim, dict):
        raise UnreadableError("The certificate is not a JSON object.")
    if not _is_canonical(claim, certificate):
        raise WrongError("It is not written in the one canonical way: names sorted, no spaces.")
    ballots = read_ballots(pb)
    if carry_over is not None:
        ballots = with_carried(ballots, carry_over)
    elif "carry_over" in claim:
        raise UnreadableError(
            "It says that something was carried over: give that file with --carry-over."
        )
    if claim.get("form") != FORM:
        raise WrongError(f"It is not of the form that this verifier knows, “{FORM}”.")
    named = claim.get("election")
    if not isinstance(named, dict) or named.get("sha256") != ballots.sha256:
        raise WrongError(f"It is about other ballots: these have the SHA-256 {ballots.sha256}.")
    truth = found(ballots, checked_rule(claim.get("rule"), ballots), _hints(claim), tell)
    compare({k: v for k, v in claim.items() if k != "digest"}, truth, "")
    if claim.get("digest") != digest(truth):
        raise WrongError("Its digest is not that of its contents: a setting was changed later.")
    return _said(truth)


def checked_rule(rule: object, ballots: Ballots) -> Json:
    """The rule of a certificate, if it is one that can count these ballots, each setting said in
    the one way that it can be said. Raises WrongError."""
    form = dict.fromkeys(SETTINGS, "")
    if not isinstance(rule, dict) or rule.keys() != form.keys():
        raise WrongError(f"Its rule has not exactly these settings: {', '.join(sorted(form))}.")
    shares, steps = rule["name"] == "equal-shares", rule["completion"] in ("add1", "add1u")
    kind, numbers = ballots.kind, {}
    for key in ("increment", "threshold"):
        if rule[key] is not None and not MEASURE.fullmatch(str(rule[key])):
            raise WrongError(f"The {key} of its rule is {_short(rule[key])}, which is no number.")
        numbers[key] = None if rule[key] is None else Fraction(rule[key])
    increment, threshold = numbers["increment"], numbers["threshold"]
    fitting = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}.get(kind, "count")
    of_file = ballots.meta.get("min_project_score_threshold", "").strip()
    useful = {
        "equal-shares": ("cost", "count", fitting),
        "phragmen": ("count",) * (kind in ("approval", "choose-1")),
    }
    fits = {
        "name": rule["name"] in NAMES,
        "utility": rule["utility"] in useful.get(str(rule["name"]), ("count", fitting)),
        "completion": rule["completion"] in (COMPLETIONS if shares else ("none",)),
        "increment": (increment is not None and increment > 0) if steps else increment is None,
        "integral_start": type(rule["integral_start"]) is bool
        and (shares or not rule["integral_start"]),
        "stop_when_exhaustive": type(rule["stop_when_exhaustive"]) is bool
        and (steps or not rule["stop_when_exhaustive"]),
        "threshold": (threshold is not None and threshold >= 0)
        or (
            threshold is None
            and rule["name"] != "greedy-threshold"
            and not (rule["name"] == "greedy-no-skip" and of_file)
        ),
        "ties": rule["ties"] == "cost,votes,lot",
        "seed": isinstance(rule["seed"], str),
    }
    for key, number in numbers.items():
        fits[key] = fits[key] and (number is None or rule[key] == _decimal(number))
    for key, does in fits.items():
        if not does:
            raise WrongError(f"Its rule says {key} {_short(rule[key])}, which means nothing here.")
    return rule


def _hints(claim: Json) -> list[int]:
    """The steps at which the certificate says that add1 chose anew; only worth trying, not true."""
    shares = claim.get("shares")
    history = shares.get("history") if isinstance(shares, dict) else None
    rows = history if isinstance(history, list) else []
    return [one[0] for one in rows if isinstance(one, list) and one and type(one[0]) is int]


def compare(claim: object, truth: object, where: str) -> None:
    """Raises WrongError at the first place where a claim is not the truth, types included.

    `where` is what the sentence calls the place, such as "winners, number 3 (c5), price".
    """
    if isinstance(claim, dict) and isinstance(truth, dict):
        about = where + (f" ({claim['id']})" if isinstance(claim.get("id"), str) else "")
        for key in [*truth, *(key for key in claim if key not in truth)]:
            if key not in claim or key not in truth:
                state = "is missing" if key in truth else "does not belong there"
                raise WrongError(f"{_place(about, key)} {state}.")
            compare(claim[key], truth[key], _place(about, key))
    elif isinstance(claim, list) and isinstance(truth, list):
        for number, (one, other) in enumerate(zip(claim, truth, strict=False), start=1):
            compare(one, other, f"{where}, number {number}")
        if len(claim) != len(truth):
            raise WrongError(
                f"{where}: the certificate has {len(claim)}, and the ballots give {len(truth)}."
            )
    elif type(claim) is not type(truth) or claim != truth:
        raise WrongError(
            f"{where}: the certificate says {_short(claim)}, and the ballots give {_short(truth)}."
        )


def _place(where: str, key: str) -> str:
    return (f"{where}, {key}" if where else key).encode("ascii", "backslashreplace").decode()


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text if len(text) < 80 else text[:76] + "..."


def _said(truth: Json) -> str:
    rule, shares = truth["rule"], truth["shares"]
    settings = [f"{key} {rule[key]}" for key in SETTINGS if rule[key] not in (None, False, "")]
    return (
        f"Right: {len(truth['winners'])} of {truth['election']['projects']} projects are funded "
        f"for {truth['spent']} of {truth['election']['budget']}, counted again from "
        f"{truth['election']['voters']} ballots"
        + (f"; the final share is pinned after {shares['steps']} steps" if shares else "")
        + f". The rule it holds under: {', '.join(settings)}."
    )
