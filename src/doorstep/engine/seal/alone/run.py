"""`python3 verify.py FOLDER-or-ADDRESS`: checks everything, names the first thing that is wrong.

Give it a verification bundle (a folder), the address of an install, or a log's own folder or
address. It remembers each log's last checkpoint in `doorstep-seen.json` beside you, so that
tomorrow it notices if the past was rewritten. Exit code 0: all is right; 1: something is wrong;
2: it cannot be told.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ..recount.ballots import UnreadableError
from ..recount.certificate import WrongError
from .bank import Bank
from .beside import Posted, check_ledger_files, check_words, not_looked_at, read_words
from .books import Books
from .counts import check_rounds
from .files import SEEN, Place, check_sums
from .kept import Kept, read_kept
from .logs import Against, Body, every_leaf, required
from .plain import told
from .polls import Polls
from .printing import print_line
from .signed import PublicKey, Signed, read_checkpoint, read_key, read_keys
from .walk import Walk

LOG_IN_A_BUNDLE = "record/log/public"
NOTHING_KEPT = Kept({}, 0, 0, [])


class Named(NamedTuple):
    """Witnesses that the record names, each with the hash of its key: those that stand, and all
    that ever did."""

    now: set[tuple[str, str]]
    ever: set[tuple[str, str]]


class Report:
    """Says what was checked, line by line, and how far it is when that takes long. It keeps the
    key, by which a reader tells whose record it was."""

    def __init__(self) -> None:
        self.began = self.last = time.monotonic()
        self.key: PublicKey | None = None

    def line(self, text: str) -> None:
        print_line(f"ok     {text}", sys.stdout)

    def note(self, text: str) -> None:
        print_line(f"note   {text}", sys.stdout)

    def tell(self, number: int) -> None:
        now = time.monotonic()
        if now - self.began > 3 and now - self.last > 1 and sys.stderr.isatty():
            self.last = now
            print(f"\r{number:,} ", end="", file=sys.stderr, flush=True)


def check_everything(
    where: str, memory: Path | None, given_key: str | None = None, report: Report | None = None
) -> Report:
    """Check all that stands there. Raises WrongError or UnreadableError for the first fault."""
    report, place = report or Report(), Place(where)
    _refuse_no_folder(place)
    bare = any(place.read(name) is not None for name in ("checkpoint", "key"))
    log = place if bare else place.below(LOG_IN_A_BUNDLE)
    _refuse_no_record(place, log)
    files = 0 if bare else check_sums(place)
    if files:
        report.line(f"Files: {files:,} as their checksums say")
    seen = _seen(memory)
    key = report.key = _key_of(log, given_key)
    held = seen.get(key.name, {})
    if held and held.get("key") != _spelled(key):
        raise WrongError(f"{key.name} shows another key than when you looked last.")
    witnesses = read_keys(log.read("witnesses"))
    signed = read_checkpoint(required(log, "checkpoint"), key, witnesses)
    _not_before(signed, held)
    report.line(
        f"Signatures: {key.name}, {signed.size:,} leaves"
        + "".join(f", and {name}" for name in sorted(signed.witnesses))
    )
    kept = NOTHING_KEPT if bare else read_kept(place, key, signed, report.tell)
    words = set[str]() if bare else read_words(place)
    roots = {int(held["size"]): str(held["root"])} if held else {}
    against, many_words = Against(roots, kept.roots, words), len(words)
    books, walk, polls, posted = _read_leaves(log, signed, against, witnesses, kept, report)
    report.line(f"Leaves: {signed.size:,}, without a gap, under the root that was signed")
    for line in _checkpoints(kept):
        report.line(line)
    report.line(f"Ledger: {len(books.entries):,} entries, {len(books.purses):,} accounts, balanced")
    report.line(f"Awards and payments: {len(walk.awards):,} decided, {len(walk.payments):,} asked")
    for pence in sorted(walk.second_from):
        report.line(f"Approvals: a second person agreed to what came to {pence:,} pence or more")
    if bare:
        report.line("Rounds: not looked at, because this is the log alone")
    else:
        for verdict in check_rounds(place, polls, walk, report.tell):
            report.line(verdict)
        if ledgers := check_ledger_files(place, books, posted):
            report.line(f"Ledger files: {ledgers:,}, as the leaves say but for the kinds in words")
        check_words(place, words, polls)
        if many_words:
            report.line(f"Words: {many_words:,}, each as the record commits to it")
        for gap in _not_checked(place, files):
            report.note(gap)
    _remember(memory, seen, key, signed)
    return report


def _refuse_no_folder(place: Place) -> None:
    """Whoever leaves out https:// named a folder by accident."""
    if not place.is_web and not Path(place.where).is_dir():
        raise UnreadableError(
            f"There is no folder {place.where}. An address begins with https:// or http://."
        )


def _refuse_no_record(place: Place, log: Place) -> None:
    """Say what to name where a site answers and shows nothing that was signed."""
    if place.is_web and log.read("checkpoint") is None and log.read("key") is None:
        raise UnreadableError(
            f"{place.where} shows no signed record. Name the address of the site's front page "
            "and nothing behind it. If you did, nothing was signed there yet."
        )


def _read_leaves(
    log: Place,
    signed: Signed,
    against: Against,
    witnesses: list[PublicKey],
    kept: Kept,
    report: Report,
) -> tuple[Books, Walk, Polls, Posted]:
    books, walk, polls, bank, posted = Books(), Walk(), Polls(), Bank(), Posted()
    named = Named(set(), set())
    first: str | None = None
    for leaf in every_leaf(log, signed, against, report.tell):
        posted.read(leaf.place, leaf.says)
        if first is None:
            first = next(_faults(leaf, books, walk, polls, bank, named), None)
    # A leaf that was changed is a wrong root, and that is said first.
    if first is None:
        first = next(chain(walk.loose_money(books), bank.loose_payments()), None)
    if first is not None:
        raise WrongError(first)
    _are_named(witnesses, named.now)
    _are_named(kept.witnesses, named.ever)
    return books, walk, polls, posted


def _are_named(witnesses: list[PublicKey], named: set[tuple[str, str]]) -> None:
    for one in witnesses:
        if (one.name, sha256(b"\x00" + one.public).hexdigest()) not in named:
            raise WrongError(f"The record does not name the witness {one.name} with this key.")


def _not_checked(place: Place, files: int) -> Iterator[str]:
    if not files and not place.is_web:
        yield (
            "Not checked: whether a file is missing or was damaged, because there is no list of "
            "checksums (SHA256SUMS)"
        )
    if others := not_looked_at(place):
        yield f"Not checked against the record: {others}"


def _checkpoints(kept: Kept) -> Iterator[str]:
    if kept.roots:
        yield (
            f"Checkpoints: {len(kept.roots):,} kept, each signed, each the beginning of this record"
        )
    if kept.audit:
        yield (
            f"Checkpoints of the audit log: {kept.audit:,} kept, each signed; its leaves are not "
            "public, so nobody else can work out their roots"
        )
    if kept.timestamps:
        yield (
            f"Timestamps: {kept.timestamps:,}, each of the checkpoint beside it; whether its "
            "authority signed it, openssl ts says"
        )


def _faults(
    leaf: Body, books: Books, walk: Walk, polls: Polls, bank: Bank, named: Named
) -> Iterator[str]:
    says = leaf.says
    if says["kind"] == "witness.added":
        for keys in named:
            keys.add((told(says.get("witness")), told(says.get("key"))))
    elif says["kind"] == "witness.removed":
        named.now.discard((told(says.get("witness")), told(says.get("key"))))
    for room in (
        books.read(says),
        walk.read(leaf.place, says, books),
        polls.read(leaf.place, says, leaf.link_before),
        bank.read(says, walk, books),
    ):
        for fault in room:
            yield f"Leaf {leaf.place}: {fault}"


def _key_of(log: Place, given: str | None) -> PublicKey:
    if given is None:
        return read_key(required(log, "key").decode(errors="replace"))
    key, published = read_key(given.strip()), log.read("key")
    if published is not None and (there := read_key(published.decode(errors="replace"))) != key:
        raise WrongError(f"Its key is {there.line()}, and not the one that you gave.")
    return key


def _not_before(signed: Signed, held: dict[str, Any]) -> None:
    if held and signed.size < int(held["size"]):
        raise WrongError(
            f"The record shows {signed.size:,} leaves; you saw {held['size']:,}. It went back."
        )


def _spelled(key: PublicKey) -> str:
    return f"{key.name}+{key.key_id.hex()}+{key.public.hex()}"


def _seen(memory: Path | None) -> dict[str, Any]:
    if memory is None or not memory.exists():
        return {}
    try:
        told = json.loads(memory.read_text())
        for held in told.values():
            int(held["size"]), str(held["root"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        raise UnreadableError(f"{memory} does not hold what was seen. Move it away.") from None
    return dict(told)


def _remember(memory: Path | None, seen: dict[str, Any], key: PublicKey, signed: Signed) -> None:
    if memory is None:
        return
    now = {"key": _spelled(key), "size": signed.size, "root": signed.root.hex()}
    fresh = memory.with_name(memory.name + ".new")
    fresh.write_text(json.dumps({**seen, key.name: now}, indent=1, sort_keys=True) + "\n")
    fresh.replace(memory)


def main(arguments: list[str] | None = None) -> int:
    """Check, print, and give the exit code."""
    reader = argparse.ArgumentParser(prog="verify.py", description=__doc__)
    reader.add_argument("where", help="a folder, or an address")
    reader.add_argument("--key", help="the log's public key, as you were given it on paper")
    reader.add_argument("--seen", type=Path, default=Path(SEEN))
    reader.add_argument("--forget", action="store_true", help="neither read nor keep what was seen")
    given = reader.parse_args(arguments)
    try:
        return _verdict(given.where, None if given.forget else given.seen, given.key)
    except (UnreadableError, OSError) as problem:
        return _not_told(str(problem))
    except KeyboardInterrupt:
        return _not_told("Stopped before the end, so it cannot be told.")
    except (
        Exception
    ) as fault:  # Python's own exit code for it, 1, would say that the record is wrong
        return _not_told(f"verify.py met a fault of its own: {fault!r}")


def _not_told(why: str) -> int:
    with suppress(UnreadableError):
        print_line(f"doorstep: {why}", sys.stderr)
    return 2


def _verdict(where: str, memory: Path | None, given_key: str | None) -> int:
    report, told, code = Report(), "Everything that was published fits together.", 0
    try:
        check_everything(where, memory, given_key, report)
    except WrongError as wrong:
        told, code = f"WRONG  {wrong}", 1
    print_line(told, sys.stdout)
    if report.key is not None:
        for line in _whose(report.key, is_given=given_key is not None):
            print_line(line, sys.stdout)
    return code


def _whose(key: PublicKey, *, is_given: bool) -> tuple[str, ...]:
    """Anybody can make a record that fits together, with a key of their own."""
    if is_given:
        return (f"Its key is the one that you gave: {key.line()}",)
    return (
        f"Its key: {key.line()}",
        "Hold it against the key on the fund's noticeboard, or in another place that this did not "
        "come from: only the key tells whose record it is.",
    )


if __name__ == "__main__":
    raise SystemExit(main())
