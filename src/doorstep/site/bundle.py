"""The verification bundle: everything public in one folder, with what checks it (docs/record.md).

Files stand under the paths at which the site shows them, so `verify.py` reads a bundle and an
address alike.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from doorstep.apps.ledger.export import rows_of_statement
from doorstep.apps.ledger.hledger import journal_of
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.queries import entries_of_fund
from doorstep.apps.opendata.grants import package
from doorstep.apps.record.folder import CHECKPOINT, KEY, WITNESSES
from doorstep.apps.record.models import Log, Wording
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.record.queries import hidden_among
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.ballots import publishes_ballots
from doorstep.apps.rounds.models import BallotBox, Round
from doorstep.apps.rounds.queries import fingerprint, public_rounds
from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.joined import verify_file
from doorstep.engine.seal.note import Note
from doorstep.engine.seal.tiles import bundles_for, entries_path, tiles_for
from doorstep.site.pages.results import certificate_of

SUMS, WORDS, ABOUT = "SHA256SUMS", "words.jsonl", "bundle.json"
FORM = 1  # larger for a bundle that an older Doorstep would misread
EVERY_ENTRY = 10**9
PIECE = 500
_COMMITTED = re.compile(rb"words:[0-9a-f]{64}")
README = """\
Everything public of a community wealth fund, as it stood when this was written.

    python3 verify.py .

checks all of it: signatures, every line of the record, the ledger, each payment's decision and
approvals, and every count whose ballots are public. It needs Python 3.11 and nothing else. Get
verify.py from somebody you trust rather than from here: https://… /record/verify.py of another
install is the same file.

    ./doorstep restore-public BUNDLE FOLDER

makes pages of it that any web server can serve: places and their money, votes, results, the record.

record/     the signed record: checkpoint, tiles of hashes, bundles of leaves
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
    committed = set[str]()
    for name in names:
        data = folder.read(name) or b""
        committed |= _committed_in(data)
        yield f"record/log/public/{name}", data
    for name in (CHECKPOINT, KEY):
        if (of_audit := folder_of(Log.AUDIT).read(name)) is not None:
            yield f"record/log/audit/{name}", of_audit
    for round_ in public_rounds().select_related("box", "result", "terms").order_by("pk"):
        for name, data in _files_of(round_):
            committed |= _committed_in(data)
            yield name, data
    yield WORDS, b"".join(_words(committed))
    yield from _ledger(signed.size)
    if (grants := package())["grants"]:
        yield "grants/360giving.json", json.dumps(grants, ensure_ascii=False, indent=1).encode()
    yield "verify.py", verify_file()
    yield "README.txt", README.encode()
    yield ABOUT, canonical({"form": FORM}) + b"\n"


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


def _committed_in(data: bytes) -> set[str]:
    return {one.decode() for one in _COMMITTED.findall(data)}


def _words(committed: set[str]) -> Iterator[bytes]:
    """The words that anybody can read on the pages of the record now, with their salts."""
    wanted = sorted(committed - hidden_among(committed))
    for start in range(0, len(wanted), PIECE):
        some = Wording.objects.filter(commitment__in=wanted[start : start + PIECE], erased_at=None)
        for one in some.order_by("commitment"):
            line = {"words": one.commitment, "salt": bytes(one.salt).hex(), "text": one.text}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _ledger(size: int) -> Iterator[tuple[str, bytes]]:
    for fund in Account.objects.values_list("fund", flat=True).distinct().order_by("fund"):
        newest_first = entries_of_fund(fund, limit=EVERY_ENTRY)
        entries = [one for one in reversed(newest_first) if one.leaf_idx < size]
        yield f"ledger/{fund}.csv", "".join(rows_of_statement(entries)).encode()
        yield f"ledger/{fund}.journal", "\n".join([*journal_of(entries), ""]).encode()
