"""Eight words on a noticeboard: always the same, and other ones for any other checkpoint."""

from hashlib import sha256

from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.words import WORDS, words_for


def test_the_list_never_changes():
    # What hangs on a wall was written with this list; another would make liars of old notices.
    assert len(WORDS) == len(set(WORDS)) == 710
    assert sha256("\n".join(WORDS).encode()).hexdigest() == FINGERPRINT


def test_the_words_follow_from_size_and_root():
    one = Checkpoint("example.org/record/log/public", 3, bytes(32))
    words = words_for(one.text)
    assert words == EXPECTED
    longer = Checkpoint(one.origin, 4, one.root)
    assert not set(words) >= set(words_for(longer.text))


FINGERPRINT = "c6b97d19174c1452d3f985e0edeae128808c21aea8d9657fb08553de02771272"
EXPECTED = ["soup", "cradle", "brother", "kite", "finch", "radish", "zigzag", "dove"]
