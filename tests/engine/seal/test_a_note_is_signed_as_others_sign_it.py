"""Signed notes, keys and cosignatures are those of C2SP; nothing else is believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.seal.checkpoint import Checkpoint, opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.note import LOG, WITNESS, Note, SignerKey, VerifierKey, signature_of

# Go's golang.org/x/mod/sumdb/note, package documentation and tests.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
# A checkpoint of a public staging log (CT, 2026), as a witness of the public network cosigned it.
ARCHE = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
REAL = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3Nyg\
NI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI\
+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""
EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"  # signed-note


@pytest.mark.parametrize("text", [PETER, ARCHE, REMORA, EXAMPLE])
def test_keys_of_others_are_read_and_written_back(text):
    assert str(VerifierKey.parse(text)) == text


def test_a_note_is_signed_byte_for_byte_as_go_signs_it():
    signer = SignerKey.parse(PETER_PRIVATE)
    assert str(signer) == PETER_PRIVATE
    assert str(signer.verifier) == PETER
    assert signer.sign(PETER_TEXT) == PETER_LINE
    note = Note.parse((PETER_TEXT + "\n" + PETER_LINE).encode())
    assert note.signed_at(VerifierKey.parse(PETER)) == 0
    assert str(note) == PETER_TEXT + "\n" + PETER_LINE


def test_a_checkpoint_and_cosignature_of_the_public_network_are_believed():
    checkpoint, note = opened(REAL.encode(), VerifierKey.parse(ARCHE))
    assert (checkpoint.size, checkpoint.origin) == (1_432_088_532, ARCHE.split("+")[0])
    assert note.signed_at(VerifierKey.parse(REMORA)) == 0x6A122120
    assert note.signed_at(VerifierKey.parse(EXAMPLE)) is None


@pytest.mark.parametrize("place", range(0, len(REAL.encode()) - 1, 3))
def test_a_flipped_bit_is_never_believed(place):
    data = bytearray(REAL.encode())
    data[place] ^= 1
    try:
        _, note = opened(bytes(data), VerifierKey.parse(ARCHE))
        seen = note.signed_at(VerifierKey.parse(REMORA))
    except SealError:
        seen = None
    assert seen is None  # or its line names another witness now


def test_a_witness_signs_a_time_and_a_log_none():
    log, witness = SignerKey.new("example.org/log", LOG), SignerKey.new("example.org/w", WITNESS)
    note = Checkpoint("example.org/log", 3, bytes(32)).signed(log)
    line = signature_of(witness.sign(note.text, at=1_790_000_000).strip())
    both = Note(note.text, (*note.signatures, line))
    again, read = opened(str(both).encode(), log.verifier)
    assert again.size == 3
    assert read.signed_at(witness.verifier) == 1_790_000_000
    for key, at in ((log, 5), (witness, None)):
        with pytest.raises(ValueError, match="a witness signs a time"):
            key.sign(note.text, at=at)
    moved = witness.sign(note.text, at=1_790_000_001).strip()
    forged = signature_of(moved)
    with pytest.raises(SealError, match="does not belong"):
        Note(
            note.text, (type(forged)(forged.name, forged.key_id, line.data[:8] + forged.data[8:]),)
        ).signed_at(witness.verifier)


def test_another_logs_checkpoint_is_refused():
    log, other = SignerKey.new("example.org/log", LOG), SignerKey.new("example.org/other", LOG)
    note = Checkpoint("example.org/other", 3, bytes(32)).signed(other)
    with pytest.raises(SealError, match=r"is of example\.org/other"):
        opened(str(note).encode(), log.verifier)
    same_name = SignerKey.new("example.org/other", LOG)
    with pytest.raises(SealError, match="has not signed"):
        opened(str(note).encode(), same_name.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "log\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "log\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "log\n٣\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "log\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "log\n3\nAAAA\n",
        "log\n3\n",
        "\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n",
        "log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(SealError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "", PETER[:-1], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("c74f", "C74F"),
        PETER.replace("Peter", "Peter "), PETER.replace("Peter", "Qeter"),
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a+b", "+++",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text):
    with pytest.raises(SealError):
        VerifierKey.parse(text)
    with pytest.raises(SealError):
        SignerKey.parse("PRIVATE+KEY+" + text)


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_a_note_or_refused(data):
    for candidate in (data, PETER_TEXT.encode() + b"\n" + data, data + PETER_LINE.encode()):
        try:
            assert str(Note.parse(candidate)).encode() == candidate
        except SealError:
            assert candidate != REAL.encode()


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_a_key_and_a_checkpoint_or_refused(text):
    for parse in (VerifierKey.parse, SignerKey.parse, Checkpoint.parse):
        with pytest.raises(SealError):
            parse(text)


def test_a_note_of_too_many_signatures_is_refused():
    many = PETER_TEXT + "\n" + PETER_LINE * 65
    with pytest.raises(SealError, match="too many"):
        Note.parse(many.encode())
    with pytest.raises(SealError, match="too long"):
        Note.parse(many.encode() * 20)
