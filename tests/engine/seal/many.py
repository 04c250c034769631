"""Records by the thousand, good ones and bad ones, for two checkers to be held against each other.

`record(number, folder)` writes one: a bundle, or a log alone. The number decides everything, so a
record on which the checkers differ is made again by its number.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorstep.engine.count import Rule, canonical, certificate, count, read_pabulib, write_pabulib
from doorstep.engine.seal.canonical import canonical as canonical_leaf
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.leaf import CHAIN_START, chain_hash, leaf_hash
from doorstep.engine.seal.note import WITNESS, Note, SignerKey, signature_of
from doorstep.engine.seal.tree import root
from tests.engine.count.toys import toy
from tests.engine.seal.damages import DAMAGES, files_of, other_bytes
from tests.engine.seal.logs import KEY, publish
from tests.engine.seal.records import (
    FROZEN,
    MILL,
    POT,
    WORLD,
    Says,
    account,
    award,
    by,
    bytes_of,
    entry,
    good,
    said,
)  # fmt: skip
from tests.engine.seal.signed_faults import FAULTS

LOG = "record/log/public"
SUMS = "SHA256SUMS"
PUBLICATIONS = ("whole", "aggregate", "aggregate")
UTILITIES = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 40, 2**53 - 1, 2**53, -(2**53), 10**30, 0.5, 1e22, "", "1",
    "r1", "a1", "fund:pot", "é", "𐐷", "\ud83d", [], {}, [1], [["a", "b", 1]], {"id": 1}, "<b>",
)  # fmt: skip


@dataclass
class Made:
    """A record in a folder, what was done to it, and where it was seen before, if it was."""

    folder: Path
    done: str
    seen: dict[str, Any] | None = None


def record(number: int, folder: Path) -> Made:
    """Write record `number` into an empty folder."""
    chance = random.Random(f"record {number}")
    story = Story(chance)
    is_bundle = chance.random() < 0.75
    done = "good"
    if chance.random() < 0.4:
        done, spoil = chance.choice(list(LIES.items()))
        spoil(story)
    story.write(folder, is_bundle=is_bundle)
    log = folder / LOG if is_bundle else folder
    if chance.random() < 0.3:
        cosign(log, story)
    if is_bundle:
        resum(folder)
    if done == "good" and chance.random() < 0.4:
        done, damage = chance.choice(list(DAMAGES.items()))
        damage(folder, log, chance)
        if is_bundle and chance.random() < 0.6:
            resum(folder)
            done += ", with the sums made anew"
    return Made(folder, f"{number}: {done}", seen_before(story, chance))


class Story:
    """The leaves of a record and the files of its rounds, before they are written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kept = random.Random(str(chance.getstate()))  # so that numbers keep their records
        self.keeps, self.is_split = self.kept.random() < 0.3, self.kept.random() < 0.2
        self.leaves: list[Any] = good()
        self.files = {"rounds/r1/frozen.jsonl": FROZEN}
        one_further_on(self.leaves)
        self.leaves.insert(0, said("witness.added", witness=WATCHER.name, key=WATCHER_HASH))
        for number in range(chance.choice((0, 0, 1, 2))):
            self.add_round(f"vote-{number}")
        for number in range(chance.choice((0, 1, 5, 30, 226, 500))):
            self.leaves.append(said("x.y", n=number, text=chance.choice(("a", "é", "𐐷", "\n"))))

    def add_round(self, slug: str) -> None:
        """A round with its files: frozen, closed, counted by one of the rules, and settled."""
        chance, where = self.chance, f"rounds/{slug}"
        election = toy(chance.randrange(10**6))
        ballots = write_pabulib(election)
        election = read_pabulib(ballots, name="ballots.pb")
        costs = {one.id: int(one.cost * 100) for one in election.projects}
        pot = int(election.budget * 100)
        funded = sum(costs.values()) <= pot and chance.random() < 0.7
        rule = rule_for(election.vote_type, chance)
        has_terms = chance.random() < 0.5
        if has_terms:
            rule = replace(rule, seed=self.link().hex())
        asked: Says = {"round": slug, "budget_pence": pot, "rule": rule.as_dict()}
        if has_terms:
            asked["terms"] = {"size": "street", "publication": chance.choice(PUBLICATIONS)}
        ideas = [{"id": one, "cost_pence": pence} for one, pence in costs.items()]
        frozen = b"\n".join(canonical_leaf(line) for line in [asked, *ideas])
        self.files[f"{where}/frozen.jsonl"] = frozen
        self.leaves.append(
            said("round.frozen", round=slug, place="mill", fingerprint=hexed(frozen), **by(1))
        )
        outcome = count(election, rule)
        winners = list(costs) if funded else list(outcome.winners)
        if funded:
            result = canonical_leaf({"winners": winners, "rule": None})
        else:
            result = canonical(outcome).encode()
            if has_terms:
                self.use_codes(slug, election.voters)
            closed = said(
                "round.closed", round=slug, ballots_sha256=hexed(ballots), voters=election.voters,
                **by(1),
            )  # fmt: skip
            self.leaves.append(closed)
            self.files[f"{where}/ballots.pb"] = ballots
            if chance.random() < 0.5:
                self.files[f"{where}/certificate.json"] = certificate(outcome)
        self.files[f"{where}/result.json"] = result
        step = said(
            "round.decided" if funded else "round.counted", round=slug, funded=len(winners),
            result_sha256=hexed(result), ballots_sha256=hexed(ballots), **by(1),
        )  # fmt: skip
        self.leaves.append(step)
        self.settle(slug, winners, costs)
        hides = has_terms and asked["terms"]["publication"] == "aggregate"
        if hides and not funded and chance.random() < 0.8:
            self.hide_ballots(slug, hexed(ballots), hexed(result))

    def use_codes(self, slug: str, voters: int) -> None:
        """Codes for everybody who votes and two more, all of them used but for one of those."""
        self.leaves += [
            said("voting.batch_printed", round=slug, count=voters + 2, run=1, **by(1)),
            said("voting.opened", round=slug, codes=voters + 2, **by(1)),
            said("voting.ended", round=slug, used_online=voters, used_paper=1, **by(1)),
        ]

    def settle(self, slug: str, winners: list[str], costs: dict[str, int]) -> None:
        decision = len(self.leaves) - 1
        if not all(costs[one] for one in winners):
            return
        if winners:
            whole = sum(costs[one] for one in winners)
            self.post("fund.match_received", WORLD, POT, whole)
            self.post("fund.allocated", POT, MILL, whole)
        for one in winners:
            made = f"{slug}-{one}"
            self.leaves.append(award(made, costs[one], decision) | {"project": one})
            self.leaves.append(account(f"place:mill:committed:{made}"))
            self.post("award.committed", MILL, f"place:mill:committed:{made}", costs[one])
        self.leaves.append(said("round.settled", round=slug, **by(1)))

    def post(self, kind: str, giver: str, taker: str, pence: int) -> None:
        """The next entry; those of `good()` have one line each, as this one has."""
        number = 1 + sum(says["kind"] == "ledger.journal" for says in self.leaves)
        self.leaves.append(entry(number, kind, [[giver, taker, pence]], number))

    def hide_ballots(self, slug: str, ballots: str, result: str) -> None:
        del self.files[f"rounds/{slug}/ballots.pb"]
        self.files.pop(f"rounds/{slug}/certificate.json", None)  # of public counts alone
        by = self.chance.choice((["one", "two"], ["one", "two"], ["one"], 2))
        signed = said("round.recount_signed", round=slug, ballots_sha256=ballots, by=by)
        if self.chance.random() < 0.6:
            self.leaves.append({**signed, "result_sha256": result})

    def link(self) -> bytes:
        link = CHAIN_START
        for says in self.leaves:
            link = chain_hash(link, leaf_hash(bytes_of_any(says)))
        return link

    def write(self, folder: Path, *, is_bundle: bool) -> None:
        log = folder / LOG if is_bundle else folder
        publish(log, [bytes_of_any(one) for one in self.leaves])
        for name, data in self.files.items() if is_bundle else ():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        if is_bundle and self.keeps:
            self.keep(folder)

    def keep(self, folder: Path) -> None:
        """Earlier checkpoints, some with a witness's line; of another past in a split record."""
        hashes = [leaf_hash(bytes_of_any(one)) for one in self.leaves]
        (folder / "checkpoints/public").mkdir(parents=True, exist_ok=True)
        (folder / "checkpoints/witnesses").write_text(f"{WATCHER.verifier}\n")
        for size in sorted(self.kept.sample(range(1, len(hashes)), 3)):
            hashes[0] = bytes(32) if self.is_split else hashes[0]
            note = Checkpoint(KEY.name, size, root(hashes[:size])).signed(KEY)
            line = WATCHER.sign(note.text, at=1_795_000_000) if self.kept.random() < 0.5 else ""
            (folder / f"checkpoints/public/{size}").write_text(f"{note}{line}")


WATCHER = SignerKey("council.example.org/witness", WITNESS, bytes(range(32)))
WATCHER_HASH = leaf_hash(WATCHER.verifier.public).hex()


def one_further_on(leaves: list[Says]) -> None:
    """What leaves say of other leaves by number, when one more stands before them."""
    for says in leaves:
        for name in ("decision", "printed"):
            if type(says.get(name)) is int:
                says[name] += 1


def hexed(data: bytes) -> str:
    return sha256(data).hexdigest()


def rule_for(vote_type: str, chance: random.Random) -> Rule:
    fitting = UTILITIES.get(vote_type, "count")
    name = chance.choice(("equal-shares",) * 4 + ("greedy", "greedy-no-skip", "phragmen"))
    seed = str(chance.random())
    if name == "phragmen" and vote_type in ("approval", "choose-1"):
        return Rule(name=name, utility="count", completion="none", increment=None, seed=seed)
    if name != "equal-shares":
        name = "greedy" if name == "phragmen" else name
        return Rule(name=name, utility=fitting, completion="none", increment=None, seed=seed)
    completion = chance.choice(("none", "utilitarian", "add1", "add1u"))
    steps = completion.startswith("add1")
    return Rule(
        utility=chance.choice(("cost", "count", fitting)), completion=completion, seed=seed,
        increment=chance.choice((Fraction(1), Fraction(1, 3), Fraction(5))) if steps else None,
        stop_when_exhaustive=steps and chance.random() < 0.5,
    )  # fmt: skip


# Lies: what somebody signs who wants to deceive, or whose program is broken --------------------


def a_known_fault(story: Story) -> None:
    do, _told = FAULTS[story.chance.choice(list(FAULTS))]
    record = good()
    do(record)
    one_further_on(record)
    story.leaves[1 : len(good()) + 1] = record


def a_field_is_odd(story: Story) -> None:
    says = story.chance.choice([one for one in story.leaves if isinstance(one, dict)])
    says[story.chance.choice(list(says))] = story.chance.choice(ODD)


def a_field_is_gone(story: Story) -> None:
    says = story.chance.choice(story.leaves)
    del says[story.chance.choice(list(says))]


def a_leaf_is_gone(story: Story) -> None:
    del story.leaves[story.chance.randrange(len(story.leaves))]


def a_leaf_stands_twice(story: Story) -> None:
    at = story.chance.randrange(len(story.leaves))
    story.leaves.insert(story.chance.randrange(at, len(story.leaves)), dict(story.leaves[at]))


def leaves_are_swapped(story: Story) -> None:
    one, other = (story.chance.randrange(len(story.leaves)) for _ in range(2))
    story.leaves[one], story.leaves[other] = story.leaves[other], story.leaves[one]


def a_leaf_is_spelt_badly(story: Story) -> None:
    at = story.chance.randrange(len(story.leaves))
    text = json.dumps(story.leaves[at], sort_keys=True, separators=(",", ":"))
    spelt = (
        f" {text}", f"{text}\n", text.replace(":1", ":1.0"), text.replace(":1", ":01"), "[]", "",
        text[:-1], text.replace('"v":1', '"v":true'), text.replace("{", '{"v":1,', 1),
        f'{text[:-1]},"z":-0}}', f'{text[:-1]},"z":1e2}}', f'{text[:-1]},"z":"\\u00e9"}}',
        f'{text[:-1]},"z":{"[" * 40}{"]" * 40}}}', f'{text[:-1]},"z":12345678901234567}}',
        f'{text[:-1]},"z":NaN}}', f'{text[:-1]},"z":"\\ud800"}}', f"\ufeff{text}",
    )  # fmt: skip
    story.leaves[at] = story.chance.choice(spelt).encode()


def a_file_of_a_round_lies(story: Story) -> None:
    """A file is changed, and the record made to name the changed one."""
    names = [name for name in story.files if not name.endswith("certificate.json")]
    if not names:
        return a_field_is_odd(story)
    name = story.chance.choice(names)
    before, story.files[name] = story.files[name], changed(story.files[name], name, story.chance)
    for says in story.leaves:
        for field, value in says.items():
            if value == hexed(before):
                says[field] = hexed(story.files[name])
    return None


def a_certificate_lies(story: Story) -> None:
    names = [name for name in story.files if name.endswith("certificate.json")]
    if not names:
        return a_file_of_a_round_lies(story)
    name = story.chance.choice(names)
    story.files[name] = changed(story.files[name], name, story.chance)
    return None


def a_witness_is_removed(story: Story) -> None:
    story.leaves.append(said("witness.removed", witness=WATCHER.name, key=WATCHER_HASH))


def a_penny_is_moved(story: Story) -> None:
    entries = [one for one in story.leaves if one.get("kind") == "ledger.journal"]
    story.chance.choice(entries)["lines"][0][2] += story.chance.choice((-1, 1))


def money_comes_twice(story: Story) -> None:
    story.leaves.append(account("place:wharf:available"))
    for pence in (40_000, 1):
        story.post("fund.allocated", POT, "place:wharf:available", pence)


def changed(data: bytes, name: str, chance: random.Random) -> bytes:
    """The file with another value in it, still written as such files are, or with other bytes."""
    if name.endswith(".pb") or chance.random() < 0.2:
        return other_bytes(data, chance)
    lines = [json.loads(line) for line in data.split(b"\n")]
    value = chance.choice(lines)
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if not isinstance(value[key], dict | list) or not value[key] or chance.random() < 0.2:
            value[key] = chance.choice([one for one in ODD if not isinstance(one, float)])
            break
        value = value[key]
    return b"\n".join(bytes_of(line) for line in lines)


LIES: dict[str, Callable[[Story], None]] = {
    do.__name__: do
    for do in (
        a_known_fault, a_field_is_odd, a_field_is_gone, a_leaf_is_gone, a_leaf_stands_twice,
        leaves_are_swapped, a_leaf_is_spelt_badly, a_file_of_a_round_lies, a_certificate_lies,
        a_penny_is_moved, money_comes_twice, a_witness_is_removed,
    )
}  # fmt: skip


def cosign(log: Path, story: Story) -> None:
    """A witness's line under the checkpoint, one in ten of another checkpoint."""
    note = Note.parse((log / "checkpoint").read_bytes())
    text = note.text if story.chance.random() < 0.9 else f"{note.text}\n"
    line = signature_of(WATCHER.sign(text, at=1_795_000_000).rstrip("\n"))
    (log / "checkpoint").write_text(str(Note(note.text, (*note.signatures, line))))
    (log / "witnesses").write_text(f"{WATCHER.verifier}\n")


def resum(folder: Path) -> None:
    """List the sums of what now stands there, as a bundle does."""
    names = [path for path in files_of(folder) if path.name != SUMS]
    lines = [
        f"{hexed(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in names
    ]
    (folder / SUMS).write_text("".join(lines))


def seen_before(story: Story, chance: random.Random) -> dict[str, Any] | None:
    """Sometimes what a checker remembers: the truth, another past, another key, a longer log."""
    if chance.random() < 0.8:
        return None
    size = len(story.leaves) + chance.choice((0, -1, -20, 1))
    hashes = [leaf_hash(bytes_of_any(one)) for one in story.leaves[:size]]
    key = f"{KEY.name}+{KEY.verifier.id.hex()}+{KEY.verifier.public.hex()}"
    return {
        KEY.name: {
            "key": chance.choice((key, key, key, f"{key}00")),
            "size": size,
            "root": chance.choice((root(hashes).hex(), root(hashes).hex(), "00" * 32)),
        }
    }


def bytes_of_any(says: Any) -> bytes:
    return says if isinstance(says, bytes) else bytes_of(says)
