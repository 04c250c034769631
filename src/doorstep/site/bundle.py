"""The verification bundle: everything public in one folder, with what checks it (docs/record.md).

Files stand under the paths at which the site shows them, so `verify.py` reads a bundle and an
address alike.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from doorstep.apps.ledger.export import rows_of_statement
from doorstep.apps.ledger.hledger import journal_of
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.queries import entries_of_fund
from doorstep.apps.record.folder import CHECKPOINT, KEY, WITNESSES
from doorstep.apps.record.models import Log
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import BallotBox, Round
from doorstep.apps.rounds.queries import fingerprint, public_rounds
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.joined import verify_file
from doorstep.engine.seal.note import Note
from doorstep.engine.seal.tiles import bundles_for, entries_path, tiles_for
from doorstep.site.pages.results import publishes_ballots

SUMS = "SHA256SUMS"
EVERY_ENTRY = 10**9
README = """\
Everything public of a community wealth fund, as it stood when this was written.

    python3 verify.py .

checks all of it: signatures, every line of the record, the ledger, each payment's decision and
approvals, and every count whose ballots are public. It needs Python 3.11 and nothing else. Get
verify.py from somebody you trust rather than from here: https://… /record/verify.py of another
install is the same file.

record/    the signed record: checkpoint, tiles of hashes, bundles of leaves
rounds/    what each vote asked, its ballots or totals where they are public, its result
ledger/    every entry, as CSV and as an hledger journal
SHA256SUMS what every file should be
"""


def write_bundle(target: Path) -> int:
    """Publish the record, and write the bundle in place of an older one; how many files.

    Raises Refused where the folder holds anything but a bundle, or nothing is signed yet.
    """
    if target.exists() and any(target.iterdir()) and not (target / SUMS).exists():
        raise Refused(
            f"{target} holds other things. Name an empty folder, or one that is not there yet.",
            code="bundle-folder",
        )
    if not publish():
        raise Refused(
            "There is nothing signed to put into a bundle. Make a key first: doorstep record-key.",
            code="record-key-missing",
        )
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    sums = {}
    with translation.override("en-gb"):
        for name, data in files():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            sums[name] = hashlib.sha256(data).hexdigest()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (fresh / SUMS).write_text(lines)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return len(sums)


def files() -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of everything public, as of the published checkpoint."""
    folder = folder_of(Log.PUBLIC)
    signed = Checkpoint.parse(Note.parse(folder.read(CHECKPOINT) or b"").text)
    names = [CHECKPOINT, KEY, WITNESSES]
    names += [tile.path for tile in tiles_for(signed.size)]
    names += [entries_path(number, width) for number, width in bundles_for(signed.size)]
    for name in names:
        yield f"record/log/public/{name}", folder.read(name) or b""
    for name in (CHECKPOINT, KEY):
        if (data := folder_of(Log.AUDIT).read(name)) is not None:
            yield f"record/log/audit/{name}", data
    for round_ in public_rounds().select_related("box", "result", "terms").order_by("pk"):
        yield from _files_of(round_)
    yield from _ledger(signed.size)
    yield "verify.py", verify_file()
    yield "README.txt", README.encode()


def _files_of(round_: Round) -> Iterator[tuple[str, bytes]]:
    where = f"rounds/{round_.slug}"
    yield f"{where}/frozen.jsonl", fingerprint(round_)
    if hasattr(round_, "result"):
        yield f"{where}/result.json", round_.result.outcome.encode()
    if publishes_ballots(round_):
        yield f"{where}/ballots.pb", round_.box.pabulib
    elif hasattr(round_, "box") and round_.box.form == BallotBox.Form.TOTALS:
        yield f"{where}/totals.json", round_.box.published


def _ledger(size: int) -> Iterator[tuple[str, bytes]]:
    for fund in Account.objects.values_list("fund", flat=True).distinct().order_by("fund"):
        newest_first = entries_of_fund(fund, limit=EVERY_ENTRY)
        entries = [one for one in reversed(newest_first) if one.leaf_idx < size]
        yield f"ledger/{fund}.csv", "".join(rows_of_statement(entries)).encode()
        yield f"ledger/{fund}.journal", "\n".join([*journal_of(entries), ""]).encode()
