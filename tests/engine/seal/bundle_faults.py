"""The faults that a bundle may have with all its checksums made anew: what is done to a good one,
and what is said then."""

from collections.abc import Callable
from pathlib import Path

from doorstep.engine.seal.leaf import commitment
from doorstep.engine.seal.note import WITNESS, SignerKey
from tests.engine.seal.bundles import AT, AUDIT, SALT, keep, word_line
from tests.engine.seal.many import WATCHER

STRANGER = SignerKey("stranger.example.org/witness", WITNESS, bytes(31) + b"\2")


def replace(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert old in data
        (folder / name).write_bytes(data.replace(old, new, 1))

    return do


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def rename(old: str, new: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        (folder / old).rename(folder / new)

    return do


def copy(old: str, new: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        (folder / new).write_bytes((folder / old).read_bytes())

    return do


def add_to(name: str, more: bytes) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + more)

    return do


CHECKPOINT_FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "an earlier checkpoint of another past": (
        lambda folder: keep(folder, "public", 20, [bytes(32)] * 20),
        "SPLIT VIEW: the first 20 leaves are not those that checkpoints/public/20 signs. "
        "The past was rewritten.",
    ),
    "an earlier checkpoint of the same size and another past": (
        lambda folder: keep(folder, "public", 36, [bytes(32)] * 36),
        "SPLIT VIEW: the first 36 leaves are not those that checkpoints/public/36 signs. "
        "The past was rewritten.",
    ),
    "a checkpoint of more leaves than there are": (
        lambda folder: keep(folder, "public", 37, [bytes(32)] * 37),
        "checkpoints/public/37 is of more leaves than the record has.",
    ),
    "a checkpoint that another signed": (
        lambda folder: keep(folder, "public", 20, [bytes(32)] * 20, AUDIT),
        "checkpoints/public/20: The checkpoint is of example.org/record/log/audit, not of "
        "example.org/record/log/public.",
    ),
    "a checkpoint under another name": (
        rename("checkpoints/public/20", "checkpoints/public/2"),
        "checkpoints/public/2 is of another size than its name says.",
    ),
    "a checkpoint whose size was changed": (
        replace("checkpoints/public/20", b"\n20\n", b"\n19\n"),
        "checkpoints/public/20: The signature of example.org/record/log/public does not belong to "
        "the checkpoint.",
    ),
    "an empty checkpoint": (
        lambda folder: (folder / "checkpoints/public/20").write_bytes(b""),
        "checkpoints/public/20: The checkpoint is not three lines with signatures below them.",
    ),
    "a witness that is not listed": (
        remove("checkpoints/witnesses"),
        "checkpoints/audit/3: council.example.org/witness signed the checkpoint and is no witness "
        "that the record names.",
    ),
    "a witness that no leaf ever named": (
        add_to("checkpoints/witnesses", f"{STRANGER.verifier}\n".encode()),
        "The record does not name the witness stranger.example.org/witness with this key.",
    ),
    "a line of a witness that was made up": (
        add_to("checkpoints/public/1", WATCHER.sign("x", at=AT).encode()),
        "checkpoints/public/1: The signature of council.example.org/witness does not belong to the "
        "checkpoint.",
    ),
    "another checkpoint of the audit log": (
        lambda folder: keep(folder, "audit", 4, [bytes(32)] * 4, AUDIT),
        "record/log/audit/checkpoint is not the last that is kept in checkpoints/audit.",
    ),
    "an audit log that went back": (
        copy("checkpoints/audit/3", "record/log/audit/checkpoint"),
        "record/log/audit/checkpoint is not the last that is kept in checkpoints/audit.",
    ),
    "a timestamp of another checkpoint": (
        copy("checkpoints/public/1.tsr", "checkpoints/public/20.tsr"),
        "checkpoints/public/20.tsr is no timestamp of the checkpoint beside it.",
    ),
    "a timestamp of nothing": (
        rename("checkpoints/public/20.tsr", "checkpoints/public/21.2.tsr"),
        "checkpoints/public/21.2.tsr is no timestamp of the checkpoint beside it.",
    ),
}


BESIDE_FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "another sum in the ledger": (
        replace("ledger/fund.csv", b",60000,", b",60001,"),
        "ledger/fund.csv: line 3 is not what the leaves say.",
    ),
    "another payee in the ledger": (
        replace("ledger/fund.csv", b"paid:mill:a1", b"paid:mill:a2"),
        "ledger/fund.csv: line 6 is not what the leaves say.",
    ),
    "another day in the ledger": (
        replace("ledger/fund.csv", b"2026-11-28", b"2026-11-27"),
        "ledger/fund.csv: line 2 is not what the leaves say.",
    ),
    "a reversal that is not told": (
        replace("ledger/fund.csv", b",5000,,7,", b",5000,,,"),
        "ledger/fund.csv: line 7 is not what the leaves say.",
    ),
    "a line of the ledger too many": (
        add_to("ledger/fund.csv", b"8,8,2026-11-28,a.b,x,in,world:x,y,1,,,30\r\n"),
        "ledger/fund.csv: line 9 is not what the leaves say.",
    ),
    "a line of the ledger too few": (
        lambda folder: (folder / "ledger/fund.csv").write_bytes(
            b"\r\n".join((folder / "ledger/fund.csv").read_bytes().split(b"\r\n")[:-2])
        ),
        "ledger/fund.csv: line 8 is not what the leaves say.",
    ),
    "cells more than there are": (
        replace("ledger/fund.csv", b"Reversal", b"Reversal,in"),
        "ledger/fund.csv: line 8 is not what the leaves say.",
    ),
    "other headings": (
        replace("ledger/fund.csv", b"transfer,", b"number,"),
        "ledger/fund.csv: line 1 is not what the leaves say.",
    ),
    "entries of a fund that has none": (
        copy("ledger/fund.csv", "ledger/other.csv"),
        "ledger/other.csv: line 2 is not what the leaves say.",
    ),
    "a fund without its ledger": (
        remove("ledger/fund.csv"),
        "The ledger of fund is missing (ledger/fund.csv).",
    ),
    "other words": (
        replace("words.jsonl", b"By the gate", b"By the gat"),
        "words.jsonl: line 1: its words are not those that the record commits to.",
    ),
    "words with their own commitment": (
        add_to("words.jsonl", word_line("Made up").encode()),
        f"words.jsonl: nothing in the record commits to {commitment(SALT, 'Made up')}.",
    ),
    "words that are not words": (
        add_to("words.jsonl", b'{"salt":"","text":1,"words":""}\n'),
        "words.jsonl: line 4 is not words with their salt.",
    ),
    "half a pair of surrogates": (
        replace("words.jsonl", b"By the gate", b"\\ud800"),
        "words.jsonl: line 1 is not words with their salt.",
    ),
    "two texts in one line": (
        replace("words.jsonl", b'"By the gate"', b'"By the gate","z":"x"'),
        "words.jsonl: line 1 is not words with their salt.",
    ),
    "words that are not text": (
        add_to("words.jsonl", b"\xff\n"),
        "words.jsonl is not text.",
    ),
}
