"""What outsiders signed is kept, shown beneath the checkpoint, and cannot be made up."""

import base64
import time

import pytest

from doorstep.apps.record.actions.checkpoints import (
    add_cosignatures,
    add_witness,
    remove_witness,
)
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.keys import signer
from doorstep.apps.record.models import Cosignature, Witness
from doorstep.apps.record.publishing import publish, show_again
from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.checkpoint import Checkpoint, opened
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import LOG, WITNESS, Note, SignerKey, signature_of
from doorstep.engine.seal.recount import WrongError
from doorstep.engine.seal.tree import root_by_inclusion
from tests.apps.record.publishing import grow, signing  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

CLERK = Actor("system", "test")
COUNCIL = SignerKey("council.example.org/witness", WITNESS, bytes(range(32)))
AT = 1_795_000_000


def cosigned(folder, key: SignerKey = COUNCIL, at: int = AT) -> bytes:
    note = Note.parse((folder / "public" / "checkpoint").read_bytes())
    line = signature_of(key.sign(note.text, at=at).rstrip("\n"))
    return str(Note(note.text, (*note.signatures, line))).encode()


@pytest.fixture
def watched(signing):  # noqa: F811
    """A published record of six leaves with one witness; its folder."""
    grow(5)
    add_witness(str(COUNCIL.verifier), actor=CLERK)
    publish()
    return signing


def test_a_cosignature_is_shown_to_everybody(watched, client, page):
    answer = client.post("/record/log/public/cosignatures", cosigned(watched), "text/plain")
    assert (answer.status_code, answer.content) == (200, b"Kept, and shown under the checkpoint.\n")
    shown = client.get("/record/log/public/checkpoint").content
    checkpoint, note = opened(shown, signer("public").verifier)
    assert checkpoint.size == 6
    assert note.signed_at(COUNCIL.verifier) == AT
    told = page.get("/record/watch/")
    assert told.table()[1][:2] == ["council.example.org/witness", "6"]
    assert "council.example.org/witness keeps watch" in page.get("/record/").text


def test_the_same_line_is_kept_once_and_the_newest_is_shown(watched):
    for at in (AT, AT, AT + 9, AT + 3):
        add_cosignatures(cosigned(watched, at=at))
    assert Cosignature.objects.count() == 3
    publish()
    note = Note.parse((watched / "public" / "checkpoint").read_bytes())
    assert [note.signed_at(COUNCIL.verifier), len(note.signatures)] == [AT + 9, 2]


def test_what_is_no_cosignature_is_refused_with_a_reason(watched, client):
    stranger = SignerKey.new("stranger.example.org/witness", WITNESS)
    elsewhere = Checkpoint("fund.example.org/record/log/public", 6, bytes(32))
    split = str(elsewhere.signed(signer("public"))).encode()
    forged = cosigned(watched).replace(b"witness ", b"witness ", 1)
    line = forged.splitlines()[-1]
    forged = forged.replace(line, line[:-8] + b"AAAAAA==")
    for data, said in {
        cosigned(watched, stranger): "known here",
        (watched / "public" / "checkpoint").read_bytes(): "known here",
        split: "was ever signed here",
        forged: "does not belong",
        cosigned(watched, at=int(time.time()) + 90_000): "yet to come",
        b"": "no cosigned checkpoint",
        b"\xff" * 90: "not UTF-8",
    }.items():
        answer = client.post("/record/log/public/cosignatures", data, "text/plain")
        assert answer.status_code == 422
        assert said in answer.content.decode(), said
        with pytest.raises(Refused, match=said):
            add_cosignatures(data)
    assert Cosignature.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "no key"),
        (str(SignerKey("fund.example.org/log", LOG, bytes(32)).verifier), "organisation"),
        (str(SignerKey("Jo.Smith/laptop", WITNESS, bytes(32)).verifier), "organisation"),
        (str(COUNCIL.verifier), "already"),
    ],
)
def test_only_a_witness_is_added_and_once(watched, key, said):
    with pytest.raises(Refused, match=said):
        add_witness(key, actor=CLERK)
    assert Witness.objects.count() == 1


def test_every_leaf_has_its_proof(watched, client, page):
    grow(300)
    publish()
    for idx in (0, 5, 255, 256, 305):
        told = client.get(f"/record/{idx}/proof.tlog-proof").content.decode()
        head, note = told.split("\n\n", 1)
        first, index, *path = head.split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {idx}")
        checkpoint, _ = opened(note.encode(), signer("public").verifier)
        body = client.get(f"/record/{idx}/leaf.json").content
        steps = [base64_hash(one) for one in path]
        assert root_by_inclusion(leaf_hash(body), idx, checkpoint.size, steps) == checkpoint.root
        assert "signed record of 306 lines" in page.get(f"/record/{idx}/").text
    grow(1)
    assert client.get("/record/306/proof.tlog-proof").status_code == 404
    assert "not yet part of the signed record" in page.get("/record/306/").text


def base64_hash(text: str) -> bytes:

    return base64.b64decode(text, validate=True)


def test_a_new_signature_changes_a_page_that_was_kept(watched, client, settings, tmp_path):
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {
        name: {"BACKEND": files, "LOCATION": tmp_path / name} for name in ("default", "pages")
    }
    before = client.get("/record/watch/")
    assert client.get("/record/watch/")["ETag"] == before["ETag"]
    add_cosignatures(cosigned(watched))
    assert client.get("/record/watch/")["ETag"] != before["ETag"]


def test_a_record_without_keys_or_witnesses_says_so(page, settings, tmp_path):
    settings.RECORD_KEYS, settings.RECORD_FOLDER = tmp_path / "none", tmp_path / "record"
    told = page.get("/record/watch/").text
    assert "Nothing is signed yet" in told
    assert "Nobody outside keeps watch yet" in told


def verdict(folder) -> str:
    """What verify.py says of the public log: its first fault, or nothing."""
    try:
        check_everything(str(folder / "public"), None)
    except WrongError as fault:
        return str(fault)
    return ""


def test_a_removed_witness_is_shown_no_longer_and_what_it_signed_is_kept(watched, client, page):
    client.post("/record/log/public/cosignatures", cosigned(watched), "text/plain")
    remove_witness(COUNCIL.name, actor=CLERK)
    show_again("public")
    for step in ("at once", "when it is signed again"):
        note = Note.parse((watched / "public" / "checkpoint").read_bytes())
        assert len(note.signatures) == 1, step
        assert (watched / "public" / "witnesses").read_bytes() == b""
        assert verdict(watched) == ""
        publish()
    assert Cosignature.objects.count() == 1
    assert "council.example.org/witness</th>" not in client.get("/record/watch/").content.decode()
    assert "council.example.org/witness no longer keeps watch" in page.get("/record/").text
    with pytest.raises(Refused, match="known here"):
        add_cosignatures(cosigned(watched))
    with pytest.raises(Refused, match="a key that was removed does not come back"):
        add_witness(str(COUNCIL.verifier), actor=CLERK)


def test_a_witness_may_change_its_key(watched):
    new = SignerKey.new(COUNCIL.name, WITNESS)
    add_witness(str(new.verifier), actor=CLERK)
    with pytest.raises(Refused, match="has 2 keys"):
        remove_witness(COUNCIL.name, actor=CLERK)
    remove_witness(str(COUNCIL.verifier), actor=CLERK)
    publish()
    add_cosignatures(cosigned(watched, new))
    show_again("public")
    assert (watched / "public" / "witnesses").read_text() == f"{new.verifier}\n"
    assert verdict(watched) == ""
    with pytest.raises(Refused, match="no witness stands here as nobody"):
        remove_witness("nobody", actor=CLERK)


def test_a_witness_is_shown_once_the_leaf_that_names_it_is_signed(watched):
    """Else whoever checks in between would meet a line that the signed leaves do not explain."""
    late = SignerKey.new("late.example.org/witness", WITNESS)
    add_witness(str(late.verifier), actor=CLERK)
    add_cosignatures(cosigned(watched, late))
    show_again("public")
    assert verdict(watched) == ""
    assert b"late.example.org" not in (watched / "public" / "checkpoint").read_bytes()
    publish()
    add_cosignatures(cosigned(watched, late))
    show_again("public")
    assert b"late.example.org" in (watched / "public" / "checkpoint").read_bytes()
    assert verdict(watched) == ""
