"""The verification bundle: everything public in one folder, with what checks it (docs/record.md).

Files stand under the paths at which the site shows them, so `verify.py` reads a bundle and an
address alike.
"""

import contextlib
import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from django.db.models import Max
from django.utils import translation

from doorstep.apps.ledger.export import rows_of_statement
from doorstep.apps.ledger.hledger import journal_of
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.queries import entries_of_fund
from doorstep.apps.opendata.grants import package
from doorstep.apps.record.folder import CHECKPOINT, KEY, WITNESSES, LogFolder
from doorstep.apps.record.models import Leaf, Log, Wording
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.record.queries import hidden_among
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.ballots import publishes_ballots
from doorstep.apps.rounds.models import BallotBox, Round
from doorstep.apps.rounds.queries import fingerprint, public_rounds
from doorstep.engine.seal.alone.files import SEEN
from doorstep.engine.seal.alone.logs import commitments_in
from doorstep.engine.seal.alone.printing import plainly
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.joined import verify_file
from doorstep.engine.seal.leaf import COMMITMENT_MARK
from doorstep.engine.seal.note import Note
from doorstep.engine.seal.recount import UnreadableError, WrongError
from doorstep.engine.seal.tiles import WIDTH, bundles_for, entries_path, tiles_for
from doorstep.site.checked_apart import refuse_unless_right_apart
from doorstep.site.kept_checkpoints import kept_checkpoints, without_late_lines
from doorstep.site.pages.results import certificate_of

SUMS, WORDS, ABOUT = "SHA256SUMS", "words.jsonl", "bundle.json"
SIGNED = f"record/log/public/{CHECKPOINT}"
FORM = 1  # larger for a bundle that an older Doorstep would misread
EVERY_ENTRY = 10**9
PIECE = 500
README = """\
Everything public of a community wealth fund, as it stood when this was written.

    python3 verify.py .

checks it: signatures, every line of the record and every earlier checkpoint, the ledger and its CSV
files, words, each payment's decision and approvals, and every count whose ballots are public. What
it could not hold against the record it names at the end. It needs Python 3.11 and nothing else. Get
verify.py from somebody you trust rather than from here: the file /record/verify.py of another
install is the same. It keeps a note of what it saw, which is doorstep-seen.json, in the folder that
you run it from, so that it notices next time if the past was rewritten. The note is yours: keep it.
It is no part of the bundle, and is not checked there.

    ./doorstep restore-public BUNDLE FOLDER

makes pages of it that any web server can serve: places and their money, votes, results, the record.

record/     the signed record: checkpoint, tiles of hashes, bundles of leaves
checkpoints/ what was signed before: public/1234 is the checkpoint of 1,234 leaves, with the lines
            of the witnesses that signed it, and 1234.tsr beside it what a timestamp authority said
            of it (head -3 1234 > text; openssl ts -verify -in 1234.tsr -data text -CAfile
            roots.pem). audit/ is of the log whose leaves are not public, witnesses are the keys of
            all who signed, words.csv the eight words of each month
rounds/     what each vote asked, its ballots or totals where they are public, its result, and the
            certificate that pins the count down
ledger/     every entry, as CSV and as an hledger journal
grants/     every award that both sides signed, in the 360Giving standard
words.jsonl the words that leaves commit to and that were public when this was written. If somebody
            asks for theirs to be taken out, take the line out here and in SHA256SUMS: the record
            stays whole without it
SHA256SUMS  what every file should be
"""


def write_bundle(target: Path) -> int:
    """Publish the record, and write the bundle in place of an older one; how many files.

    Raises Refused where the folder holds anything but a bundle, whoever asks stands in it, nothing
    is signed yet, or what was written does not verify; the older bundle stays then as it is.
    """
    target = target.resolve()  # so that “..” has a name too, and a link leads to its folder
    _refuse_the_place(target)
    if not publish():
        raise Refused(
            "There is nothing signed to put into a bundle. Make a key first: doorstep record-key.",
            code="record-key-missing",
        )
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        count = _write(fresh)
        refuse_unless_right_apart(
            fresh,
            "No bundle was written: what would be in it does not verify. Run `doorstep verify`.",
        )
        _take_its_place(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return count


def _refuse_the_place(target: Path) -> None:
    """Refuse what a bundle cannot take the place of, as one folder takes another's."""
    if target.exists() and not target.is_dir():
        raise Refused(f"{target} is a file. Name a folder.", code="bundle-folder")
    is_bundle = (target / SUMS).is_file() and (target / SIGNED).is_file()
    if target.exists() and any(target.iterdir()) and not is_bundle:
        raise Refused(
            f"{target} holds other things. Name an empty folder, or one that is not there yet.",
            code="bundle-folder",
        )
    if Path.cwd().is_relative_to(target):
        raise Refused(
            f"You stand in {target}, and a bundle is a new folder that takes the place of what was "
            "there before. Go elsewhere (cd ..) and name it from there, or name a folder that is "
            "not there yet.",
            code="bundle-here",
        )


def refuse_unless_right(folder: Path, otherwise: str) -> None:
    """Check a bundle as a stranger would, in this process. Raises Refused: `otherwise`, and the
    first fault."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            check_everything(str(folder), None)
    except (WrongError, UnreadableError) as fault:
        raise Refused(f"{otherwise} {plainly(str(fault))}", code="bundle-wrong") from None


def _write(fresh: Path) -> int:
    sums = {}
    with translation.override("en-gb"):
        for name, data in files():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            sums[name] = hashlib.sha256(data).hexdigest()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (fresh / SUMS).write_text(lines)
    return len(sums)


def _take_its_place(fresh: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if (target / SEEN).is_file():  # a reader's memory of earlier bundles is not ours to forget
        shutil.copy2(target / SEEN, fresh / SEEN)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def files() -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of everything public, as of the published checkpoint."""
    committed = set[str]()
    signed, log = _log(folder_of(Log.PUBLIC))
    for name, data in log:
        committed |= commitments_in(data)
        yield f"record/log/public/{name}", data
    of_audit = _head(folder_of(Log.AUDIT))
    sizes: dict[str, int] = {Log.PUBLIC: signed.size}
    if CHECKPOINT in of_audit:
        sizes[Log.AUDIT] = _signed(of_audit[CHECKPOINT]).size
        of_audit[CHECKPOINT] = without_late_lines(of_audit[CHECKPOINT], signed.size)
    for name, data in of_audit.items():
        yield f"record/log/audit/{name}", data
    yield from kept_checkpoints(sizes)
    frozen = _frozen(signed.size)
    for round_ in public_rounds().select_related("box", "result", "terms").order_by("pk"):
        if round_.slug in frozen:
            committed |= commitments_in(fingerprint(round_))
            yield from _files_of(round_)
    yield WORDS, b"".join(_words(committed))
    yield from _ledger(signed.size)
    if (grants := package())["grants"]:
        yield "grants/360giving.json", json.dumps(grants, ensure_ascii=False, indent=1).encode()
    yield "verify.py", verify_file()
    yield "README.txt", README.encode()
    yield ABOUT, canonical({"form": FORM}) + b"\n"


def _log(folder: LogFolder) -> tuple[Checkpoint, Iterator[tuple[str, bytes]]]:
    """The published checkpoint, and every file that it needs. Raises Refused for one that is gone.

    What another publisher may replace or drop is read at once under the lock; a whole tile never
    changes, so nobody waits for those.
    """
    with folder.locked():
        head = {name: _required(folder, name) for name in (CHECKPOINT, KEY, WITNESSES)}
        signed = _signed(head[CHECKPOINT])
        tiles = {tile.path: tile.width for tile in tiles_for(signed.size)}
        tiles |= {entries_path(*which): which[1] for which in bundles_for(signed.size)}
        grows = [name for name, width in tiles.items() if width < WIDTH]
        head |= {name: _required(folder, name) for name in grows}
    whole = (name for name in tiles if name not in head)
    return signed, chain(head.items(), ((name, _required(folder, name)) for name in whole))


def _head(folder: LogFolder) -> dict[str, bytes]:
    """The checkpoint and key of a log whose leaves are not public, once there are any."""
    with folder.locked():
        found = {name: folder.read(name) for name in (CHECKPOINT, KEY)}
    return {name: data for name, data in found.items() if data is not None}


def _signed(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)


def _required(folder: LogFolder, name: str) -> bytes:
    data = folder.read(name)
    if data is None:
        raise Refused(
            f"No bundle was written: {folder.path / name} is missing, which the published "
            "checkpoint needs. Run `doorstep publish-record`, and where it is missing still, "
            "`doorstep verify`.",
            code="bundle-torn",
        )
    return data


def _files_of(round_: Round) -> Iterator[tuple[str, bytes]]:
    where = f"rounds/{round_.slug}"
    yield f"{where}/frozen.jsonl", fingerprint(round_)
    if hasattr(round_, "result"):
        yield f"{where}/result.json", round_.result.outcome.encode()
    if publishes_ballots(round_):
        yield f"{where}/ballots.pb", round_.box.pabulib
        if hasattr(round_, "result"):
            yield f"{where}/certificate.json", certificate_of(round_)
    elif hasattr(round_, "box") and round_.box.form == BallotBox.Form.TOTALS:
        yield f"{where}/totals.json", round_.box.published


def _frozen(size: int) -> set[str]:
    """The rounds whose question is signed: of another a stranger could check nothing."""
    leaves = Leaf.objects.filter(log=Log.PUBLIC, kind="round.frozen", idx__lt=size)
    return {json.loads(bytes(one))["round"] for one in leaves.values_list("body", flat=True)}


def _words(found: set[str]) -> Iterator[bytes]:
    """The words that anybody can read on the pages of the record now, with their salts; `found` are
    the hashes that are committed to."""
    committed = {COMMITMENT_MARK + one for one in found}
    wanted = sorted(committed - hidden_among(committed))
    for start in range(0, len(wanted), PIECE):
        some = Wording.objects.filter(commitment__in=wanted[start : start + PIECE], erased_at=None)
        for one in some.order_by("commitment"):
            line = {"words": one.commitment, "salt": bytes(one.salt).hex(), "text": one.text}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _ledger(size: int) -> Iterator[tuple[str, bytes]]:
    """Each fund's entries as far as they are signed, and what is signed of them: that one was
    reversed is not before the reversal is."""
    signed = Leaf.objects.filter(log=Log.PUBLIC, idx__lt=size).aggregate(last=Max("journal_seq"))
    for fund in Account.objects.values_list("fund", flat=True).distinct().order_by("fund"):
        newest_first = entries_of_fund(fund, limit=EVERY_ENTRY)
        entries = [
            one if (one.reversed_by or 0) <= signed["last"] else replace(one, reversed_by=None)
            for one in reversed(newest_first)
            if one.leaf_idx < size
        ]
        yield f"ledger/{fund}.csv", "".join(rows_of_statement(entries)).encode()
        yield f"ledger/{fund}.journal", "\n".join([*journal_of(entries), ""]).encode()
