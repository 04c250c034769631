"""A checkpoint as eight words: short enough for a noticeboard, a letter or a telephone.

The words are those of voters' trackers: ours, short, known to a child, apart in sound and spelling.
The list is part of what old notices say, so it never changes (a test holds its fingerprint).

How hard they are to forge. There are 710 words, so eight of them carry 75 bits. Whoever wants
another checkpoint under words that hang on a wall already must try about 2^75 of them; whoever
keeps the log and may choose both sides needs only about 2^38. So each try is made dear: the words
come out of PBKDF2-HMAC-SHA-256 with 2^20 rounds (about a second), which brings the two to about
2^95 and 2^58 rounds. That is out of reach for a neighbourhood's enemies and no more than that: the
whole fingerprint, a witness and a timestamp are stronger.
"""

from functools import lru_cache
from hashlib import pbkdf2_hmac
from pathlib import Path

WORDS = tuple((Path(__file__).parent / "words.txt").read_text().split())
COUNT = 8
ROUNDS = 1 << 20
_SALT = b"doorstep checkpoint words v1"


def words_for(text: str) -> list[str]:
    """The eight words of a checkpoint's three lines (`Checkpoint.text`)."""
    number = _number(text)
    chosen = []
    for _ in range(COUNT):
        number, place = divmod(number, len(WORDS))
        chosen.append(WORDS[place])
    return chosen


@lru_cache(maxsize=16)
def _number(text: str) -> int:
    return int.from_bytes(pbkdf2_hmac("sha256", text.encode(), _SALT, ROUNDS), "big")
