"""A small bundle with everything that one may hold beside its log, true until a test changes it."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from doorstep.apps.ledger.export import rows_of_statement
from doorstep.apps.ledger.queries import Entry
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.leaf import commitment, leaf_hash
from doorstep.engine.seal.note import LOG, SignerKey
from doorstep.engine.seal.tree import root
from tests.engine.seal.logs import KEY, write
from tests.engine.seal.many import LOG as PUBLIC
from tests.engine.seal.many import WATCHER, WATCHER_HASH, bytes_of_any, one_further_on, resum
from tests.engine.seal.records import Says, good, said, written

AUDIT = SignerKey("example.org/record/log/audit", LOG, bytes(31) + b"\1")
AT = 1_795_000_000
SALT = bytes(32)
WORDS = ("By the gate", "“Gât” \\ \n \x7f 𐐷", "A new bench")  # the last is named by the round alone
ASKED = (
    b'{"budget_pence":100}\n{"cost_pence":100,"id":"p1","name":"%s"}'
    % commitment(SALT, WORDS[2]).encode()
)


def record() -> list[Says]:
    """The good record, with a witness that stood until it was removed."""
    leaves = good()
    one_further_on(leaves)
    asked = next(one for one in leaves if one["kind"] == "round.frozen")
    asked["fingerprint"] = sha256(ASKED).hexdigest()
    leaves.insert(0, said("witness.added", witness=WATCHER.name, key=WATCHER_HASH))
    leaves.append(said("garden.bench_placed", where=commitment(SALT, WORDS[0])))
    leaves.append(said("garden.bench_placed", where=commitment(SALT, WORDS[1])))
    return [*leaves, said("witness.removed", witness=WATCHER.name, key=WATCHER_HASH)]


def bundle(folder: Path) -> Path:
    """Write it, with its list of sums."""
    leaves = record()
    written(folder / PUBLIC, leaves)
    write(folder, "rounds/r1/frozen.jsonl", ASKED)
    hashes = [leaf_hash(bytes_of_any(one)) for one in leaves]
    for size in (1, 20, len(leaves)):
        keep(folder, "public", size, hashes[:size])
    for size in (3, 4):
        keep(folder, "audit", size, hashes[:size], AUDIT)
    write(folder, "record/log/audit/checkpoint", (folder / "checkpoints/audit/4").read_bytes())
    write(folder, "record/log/audit/key", f"{AUDIT.verifier}\n".encode())
    write(folder, "checkpoints/witnesses", f"{WATCHER.verifier}\n".encode())
    write(folder, "checkpoints/words.csv", b"month,leaves,words\n2026-11,1,a b c d e f g h\n")
    for fund in ("fund", "other"):
        write(folder, f"ledger/{fund}.csv", ledger_csv(leaves if fund == "fund" else []))
    write(folder, "ledger/fund.journal", b"; every entry once more\n")
    write(folder, "words.jsonl", "".join(map(word_line, WORDS)).encode())
    write(folder, "README.txt", b"Check it.\n")
    write(folder, "bundle.json", b'{"form":1}\n')
    resum(folder)
    return folder


def ledger_csv(leaves: list[Says]) -> bytes:
    """The entries of the one fund that the record has, as the bundle writes them."""
    entries = []
    for place, says in enumerate(leaves):
        if says["kind"] == "ledger.journal":
            ((giver, taker, pence),) = says["lines"]
            seq, reverses = says["seq"], says.get("reverses")
            entries.append(
                Entry(
                    seq, seq, says["entry"], date(2026, 11, 28), giver, taker, pence,
                    giver.startswith("world:"), taker.startswith("world:"), reverses,
                    {6: 7}.get(seq), place,
                )
            )  # fmt: skip
    return "".join(rows_of_statement(entries)).encode()


def word_line(text: str) -> str:
    said_of_it = {"salt": SALT.hex(), "text": text, "words": commitment(SALT, text)}
    return json.dumps(said_of_it, ensure_ascii=False, sort_keys=True) + "\n"


def keep(folder: Path, log: str, size: int, hashes: Sequence[bytes], key: SignerKey = KEY) -> None:
    """An earlier checkpoint with a witness's line, and a token of the same digest."""
    note = Checkpoint(key.name, size, root(hashes)).signed(key)
    write(folder, f"checkpoints/{log}/{size}", f"{note}{WATCHER.sign(note.text, at=AT)}".encode())
    token = b"0\x82" + sha256(note.text.encode()).digest() + b"signed by an authority"
    write(folder, f"checkpoints/{log}/{size}.tsr", token)
