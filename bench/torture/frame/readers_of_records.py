"""Readers of what strangers sign, stamp or hand on of a record."""

import shutil
from collections.abc import Callable
from pathlib import Path

from .reader import Reader, undone

LOG = "record/log/public"


def of_records(folder: Path) -> list[Reader]:
    """Makes a published record, bundles and an authority of its own in `folder`."""
    return [*_of_a_published_record(folder), *_of_checkpoints(folder), *_of_bundles(folder)]


def _of_a_published_record(folder: Path) -> list[Reader]:
    """Ours: what witnesses and authorities answer about it, and copies that others kept of it."""
    from django.test import override_settings

    from doorstep.apps.record.actions.checkpoints import add_cosignatures, add_witness
    from doorstep.apps.record.keys import make_keys, signer
    from doorstep.apps.record.models import Checkpoint
    from doorstep.apps.record.publishing import publish
    from doorstep.apps.refused import Refused
    from doorstep.site.upkeep.copies import checked
    from tests.apps.record.publishing import grow
    from tests.apps.record.test_witnesses_stand_under_the_record import COUNCIL, cosigned
    from tests.millbrook import ACTOR

    kept = {"RECORD_FOLDER": folder / "ours", "RECORD_KEYS": folder / "keys"}
    with override_settings(**kept):
        make_keys("https://fund.example.org")
        add_witness(str(COUNCIL.verifier), actor=ACTOR)
        grow(5)
        last = publish()[0].checkpoint
        key = signer("public")
    assert isinstance(last, Checkpoint)
    assert key is not None
    shown, copy = folder / "ours" / "public", folder / "copy"
    shutil.copytree(shown, copy)

    def check() -> None:
        with override_settings(**kept), checked(copy, key):
            pass

    bundle = next(path for path in sorted(copy.rglob("tile/entries/**/*")) if path.is_file())
    return [
        Reader(
            "cosignatures", undone(add_cosignatures), (Refused,),
            [cosigned(folder / "ours"), cosigned(folder / "ours", at=1)], share=0.1,
        ),
        _of_a_file("the checkpoint of a copy", copy / "checkpoint", check, (Refused,), share=0.02),
        _of_a_file("the leaves of a copy", bundle, check, (Refused,), share=0.02),
        *_of_timestamps(folder / "authority", last),
    ]  # fmt: skip


def _of_timestamps(folder: Path, last: object) -> list[Reader]:
    """Replies of an authority; left out where there is no openssl to make a good one."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    from doorstep.apps.record.models import Checkpoint
    from doorstep.apps.record.timestamps import moment_of, stamped_text
    from doorstep.apps.refused import Refused
    from tests.apps.record.authorities import make_authority, reply_to

    assert isinstance(last, Checkpoint)
    if shutil.which("openssl") is None:
        return []
    folder.mkdir()
    make_authority(folder)
    message = stamped_text(last)
    asked = TimestampRequestBuilder(message, HashAlgorithm.SHA256).build()
    roots = (folder / "root.pem").read_bytes()
    return [
        Reader(
            "timestamps", lambda data: moment_of(data, asked, message, roots), (Refused,),
            [reply_to(asked.as_bytes(), folder)], share=0.2,
        )
    ]  # fmt: skip


def _of_checkpoints(folder: Path) -> list[Reader]:
    """A bundle's earlier checkpoints, as `verify.py` reads them."""
    from doorstep.engine.seal.alone.files import Place
    from doorstep.engine.seal.alone.kept import read_kept
    from doorstep.engine.seal.alone.signed import read_checkpoint, read_key
    from doorstep.engine.seal.recount import UnreadableError, WrongError
    from tests.engine.seal.bundles import bundle

    here = bundle(folder / "kept")
    key = read_key((here / LOG / "key").read_text())
    signed = read_checkpoint((here / LOG / "checkpoint").read_bytes(), key, [])

    def check() -> None:
        read_kept(Place(str(here)), key, signed, lambda _number: None)

    refusals = (WrongError, UnreadableError)
    names = (
        "checkpoints/public/20", "checkpoints/public/20.tsr", "checkpoints/witnesses",
        "record/log/audit/checkpoint", "record/log/audit/key",
    )  # fmt: skip
    return [
        _of_a_file(f"a bundle's {name}", here / name, check, refusals, share=0.01) for name in names
    ]


def _of_bundles(folder: Path) -> list[Reader]:
    """A stranger's bundle, of which pages are made: its words, its form, and what it signed."""
    from doorstep.apps.refused import Refused
    from doorstep.engine.seal.canonical import canonical
    from doorstep.site.bundle import ABOUT, WORDS
    from doorstep.site.restored.pages import pages
    from doorstep.site.restored.reading import read_bundle
    from doorstep.site.restored.restore import restore_public
    from tests.engine.seal.logs import publish
    from tests.engine.seal.many import resum
    from tests.engine.seal.records import bytes_of
    from tests.site.strangers import bundle_of, record

    here, copy = bundle_of(folder / "stranger", record()), folder / "restored"
    leaves = [bytes_of(says) for says in record()]

    def restore() -> None:
        resum(here)
        try:
            restore_public(here, copy)
        finally:
            shutil.rmtree(copy, ignore_errors=True)

    def restore_a_leaf(data: bytes) -> None:
        """In the place of the last leaf, and signed: a stranger signs whatever they like."""
        publish(here / LOG, [*leaves[:-1], data])
        try:
            restore()
        finally:
            publish(here / LOG, leaves)

    place = next(says for says in record() if says["kind"] == "place.opened")
    decided = [leaves[-1], canonical(place | {"place": "another"})]
    return [
        _of_a_file(
            "a bundle's words", here / WORDS, lambda: list(pages(read_bundle(here))), (Refused,),
            share=0.02,
        ),
        _of_a_file("a bundle's form", here / ABOUT, restore, (Refused,), share=0.005),
        Reader("leaves that a stranger signed", restore_a_leaf, (Refused,), decided, share=0.005),
    ]  # fmt: skip


def _of_a_file(
    name: str,
    file: Path,
    check: Callable[[], object],
    refusals: tuple[type[Exception], ...],
    *,
    share: float,
) -> Reader:
    """A reader of a whole folder, of which one file is damaged."""
    good = file.read_bytes()

    def read(data: bytes) -> object:
        file.write_bytes(data)
        try:
            return check()
        finally:
            file.write_bytes(good)

    return Reader(name, read, refusals, [good], share)
