"""The checker's own Ed25519 says what RFC 8032 and OpenSSL say, of good and of bad signatures."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from doorstep.engine.seal.alone.curve import ORDER, signature_holds

# RFC 8032, section 7.1: public key, message, signature of tests 1, 2 and 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
        "1cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
        "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
        "984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(public, message, signature):
    parts = [bytes.fromhex(one) for one in (public, message, signature)]
    assert signature_holds(*parts)
    for number, part in enumerate(parts):
        for place in range(0, len(part), 7):
            altered = list(parts)
            altered[number] = part[:place] + bytes([part[place] ^ 4]) + part[place + 1 :]
            assert not signature_holds(*altered)
    assert not signature_holds(parts[0], parts[1] + b"\0", parts[2])


def openssl_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_it_agrees_with_openssl_on_good_and_altered_signatures():
    chance = random.Random(8032)
    for round_ in range(40):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), chance.randbytes(round_)
        signature = key.sign(message)
        assert signature_holds(public, message, signature)
        for _ in range(3):
            altered = bytearray(signature)
            altered[chance.randrange(64)] ^= 1 << chance.randrange(8)
            assert signature_holds(public, message, bytes(altered)) == openssl_says(
                public, message, bytes(altered)
            )


def test_a_second_spelling_of_a_signature_is_refused():
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"x")
    larger = int.from_bytes(signature[32:], "little") + ORDER
    again = signature[:32] + larger.to_bytes(32, "little")
    assert not signature_holds(public, b"x", again)
    assert not openssl_says(public, b"x", again)


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_lengths_that_cannot_be_are_refused(length):
    assert not signature_holds(bytes(length), b"x", bytes(64))
    assert not signature_holds(bytes(32), b"x", bytes(length))
