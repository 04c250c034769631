"""What a trustee's browser runs and what the server runs are twins (RFC 9180)."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import doorstep.apps.voting
from doorstep.apps.voting import sealing
from doorstep.apps.voting.models.trustees import INNER_BYTES, OUTER_BYTES

HERE = Path(__file__).parent
SCRIPTS = Path(doorstep.apps.voting.__file__).parent / "static" / "voting"
SLUG = "east-2026"


def node(**ask: Any) -> Any:
    """What the scripts answer; an exception in them raises here."""
    command = shutil.which("node")
    if command is None:
        if os.environ.get("DOORSTEP_REQUIRE_NODE") == "1":
            pytest.fail("no node: apt-get install nodejs")
        pytest.skip("no node on this machine; the browser tests run the same files")
    request = {"folder": str(SCRIPTS), "files": ["sealing.js", "box.js"], "ask": ask}
    done = subprocess.run(
        [command, str(HERE / "trustee_in_node.js")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    said = json.loads(done.stdout)
    if "problem" in said:
        raise ValueError(said["problem"])
    return said["answer"]


def raw_of(private: bytes, public: bytes) -> str:
    """A private key as sealing.js writes it: its number, then its public key."""
    key = load_der_private_key(private, password=None)
    return (key.private_numbers().private_value.to_bytes(32, "big") + public).hex()


@pytest.mark.parametrize("plain", [b"", b"x", bytes(range(256)) * 5])
def test_a_browser_opens_what_the_server_sealed(plain):
    private, public = sealing.new_key()
    sealed = sealing.seal(public, plain, b"info")
    opened = node(what="open", raw=raw_of(private, public), sealed=sealed.hex(), info=b"info".hex())
    assert bytes.fromhex(opened) == plain


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain=st.binary(max_size=400), info=st.binary(max_size=100))
def test_the_server_opens_what_a_browser_sealed(plain, info):
    private, public = sealing.new_key()
    sealed = bytes.fromhex(node(what="seal", to=public.hex(), plain=plain.hex(), info=info.hex()))
    assert len(sealed) == len(plain) + sealing.OVERHEAD
    assert sealing.open_sealed(private, sealed, info) == plain


@pytest.mark.parametrize("place", [0, 64, 65, -1])
def test_a_changed_byte_opens_nowhere(place):
    private, public = sealing.new_key()
    sealed = bytearray(sealing.seal(public, b"a ballot", b"info"))
    sealed[place] ^= 1
    with pytest.raises(ValueError, match=r".+"):
        node(what="open", raw=raw_of(private, public), sealed=sealed.hex(), info=b"info".hex())


def test_an_envelope_of_another_round_opens_nowhere():
    private, public = sealing.new_key()
    sealed = sealing.seal(public, b"a ballot", sealing.info_of("one"))
    info = sealing.info_of("another").hex()
    with pytest.raises(ValueError, match=r".+"):
        node(what="open", raw=raw_of(private, public), sealed=sealed.hex(), info=info)


def test_two_trustees_open_a_box_and_a_broken_envelope_is_spoilt():
    made = node(what="ceremony", slug=SLUG)
    assert {(copy["first"], copy["second"]) for copy in made["copies"]} == {
        (one, two) for one in (1, 2, 3) for two in (1, 2, 3) if one != two
    }
    assert {len(copy["sealed"]) // 2 for copy in made["copies"]} == {OUTER_BYTES}
    keys = {one["number"]: one["raw"] for one in made["trustees"]}
    public = bytes.fromhex(made["publicKey"])
    assert sealing.is_public_key(public)
    ballots = [("otter-lamp-river-quilt-01", [0]), ("otter-lamp-river-quilt-02", [1, 2])]
    info = sealing.info_of(SLUG)
    envelopes = [
        sealing.seal(public, sealing.ballot_bytes(tracker, choice, 256), info)
        for tracker, choice in ballots
    ]
    broken = [
        sealing.seal(public, b"no JSON at all".ljust(256), info),
        sealing.seal(public, b'{"t":"a","v":[1],"more":1}'.ljust(256), info),
        bytes(337),
    ]
    for first, second in ((1, 2), (3, 1), (2, 3)):
        copy = next(
            one for one in made["copies"] if (one["first"], one["second"]) == (first, second)
        )
        found = node(
            what="openBox",
            slug=SLUG,
            first=keys[first],
            second=keys[second],
            copy=copy,
            envelopes=[one.hex() for one in envelopes + broken],
        )
        assert len(found["inner"]) // 2 == INNER_BYTES
        assert sorted((one["t"], one["v"]) for one in found["ballots"]) == ballots
        assert found["spoilt"] == 3
        assert found["doubled"] == 0
        assert found["told"] == 1


def test_a_trustee_alone_or_the_wrong_one_opens_no_copy():
    made = node(what="ceremony", slug=SLUG)
    keys = {one["number"]: one["raw"] for one in made["trustees"]}
    copy = next(one for one in made["copies"] if (one["first"], one["second"]) == (1, 2))
    for first, second in ((1, 1), (1, 3), (2, 2), (3, 2)):
        with pytest.raises(ValueError, match=r".+"):
            node(
                what="openBox", slug=SLUG, first=keys[first], second=keys[second], copy=copy,
                envelopes=[],
            )  # fmt: skip


def test_a_backup_opens_with_its_passphrase_only():
    whole = node(what="backup", passphrase="correct horse battery", tried="correct horse battery")
    assert whole["back"] == whole["mine"]
    assert whole["extractable"] is False
    assert node(what="backup", passphrase="one passphrase", tried="another one")["back"] is None


def test_the_shuffle_favours_no_order():
    seen = node(what="shuffles", of=4, times=24_000)
    assert len(seen) == 24
    # Chi-squared with 23 degrees of freedom passes 61 once in 30,000 runs.
    assert sum((count - 1_000) ** 2 / 1_000 for count in seen.values()) < 61
