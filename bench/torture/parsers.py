"""Feeds whatever reads files and typing with damaged and random bytes, for a long time.

Each starts from good examples and cuts, repeats, flips and puts in, several times over. A reader
may refuse, in the way that it says it refuses; anything else it raises is a fault, and so is an
answer that takes more processor time than a person would wait. What failed is printed as hex.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T21",)
EACH_DATABASE = False

LONGEST_SECONDS = 5.0
PIECES = (
    b"<", b"]]>", b"&x;", b"\x00", b",", b";", b"\n", b'"', b"-", b"\xff\xfe", b"9" * 40, b"=cmd()",
    b"<!ENTITY a 'b'>", b"\xf0\x9f\x8e\x88", b"+", b"1e999", b"nan", b"[[[[", b"{}",
    b"\xe2\x80\xae",
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """`read` takes bytes; `refusals` is how it says no; `good` is what it takes. `share` says how
    many inputs of a hundred it gets: one that starts a process gets few."""

    name: str
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    good: list[bytes]
    share: float = 1.0


def main(options: Options) -> list[Figure]:
    inputs = options.size(3_000, 300_000)
    there = Options(options.seed, "sqlite", options.full, options.folder)
    with fresh(there):
        readers = _readers()
        chance, faults, slowest, tried = options.chance(), [], 0.0, 0
        for reader in readers:
            mine = max(30, int(inputs * reader.share / len(readers)))
            for number in range(mine):
                data = _damaged(reader.good, chance)
                fault, seconds = _tried(reader, data)
                slowest, tried = max(slowest, seconds), tried + 1
                faults += [fault] if fault else []
                options.say(f"{reader.name}: {number:,} of {mine:,}; {len(faults)} faults")
    for fault in faults[:10]:
        print(f"  {fault}")
    figure = (
        f"{tried:,} inputs to {len(readers)} readers; {len(faults)} faults; "
        f"the slowest took {slowest:.1f} s"
    )
    return [Figure("T21", "readers fed nonsense", figure, not faults)]


def _readers() -> list[Reader]:
    from doorstep.apps.awards.rules import read_pounds
    from doorstep.apps.files.cleaning import Unclean, cleaned
    from doorstep.apps.ledger.statements import read
    from doorstep.apps.outbox.rules import address_or_refuse
    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import codes
    from doorstep.engine.count import PabulibError, read_pabulib
    from doorstep.engine.need.errors import NeedFileError
    from doorstep.engine.need.official import read_index
    from doorstep.engine.seal.canonical import CanonicalError, parse
    from doorstep.engine.seal.checkpoint import Checkpoint
    from doorstep.engine.seal.faults import SealError
    from doorstep.engine.seal.note import LOG, Note, SignerKey, VerifierKey
    from tests.apps.awards.test_what_became_of_the_money_is_told import picture
    from tests.apps.ledger.statements import EVERY
    from tests.millbrook import ballots

    key = SignerKey.new("doorstep.example/log", LOG)
    text = "doorstep.example/log\n5\n" + "A" * 43 + "=\n"
    note = (text + "\n" + key.sign(text)).encode()
    pictures = [picture("one"), picture("two", form="PNG"), b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"]
    headings = b"LSOA code (2011),LSOA name (2011),Index of Multiple Deprivation (IMD) Score"
    index = headings + b"\nE01000001,City of London 001A,6.2\n"
    return [
        Reader("bank statements", read, (Refused,), [one.encode() for one in EVERY.values()]),
        Reader("elections", read_pabulib, (PabulibError,), [ballots()]),
        Reader("notes", Note.parse, (SealError,), [note]),
        Reader("checkpoints", _texts(Checkpoint.parse), (SealError,), [text.encode()]),
        Reader("keys", _texts(VerifierKey.parse), (SealError,), [str(key.verifier).encode()]),
        Reader("leaves", parse, (CanonicalError,), [b'{"kind":"place.noted","v":1}']),
        Reader("codes", _texts(codes.read), (codes.MistypedError,), [b"4NH9-442Q-8GMB-YC5R"]),
        Reader("sums", _texts(read_pounds), (Refused,), [b"1,250.50"]),
        Reader(
            "addresses", _texts(address_or_refuse), (Refused,), [b"ann@x.example", b"07700 900123"]
        ),
        Reader("need files", read_index, (NeedFileError,), [index]),
        Reader("uploads", cleaned, (Unclean,), pictures, share=0.01),
    ]


def _texts(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _damaged(good: list[bytes], chance: random.Random) -> bytes:
    data = (
        chance.choice(good) if chance.random() < 0.95 else chance.randbytes(chance.randrange(400))
    )
    for _ in range(chance.choice([0, 1, 1, 2, 4, 16])):
        at = chance.randrange(len(data) + 1)
        cut = at + chance.choice([0, 0, 1, 2, 7, 40])
        match chance.randrange(5):
            case 0:
                data = data[:at] + data[cut:]
            case 1:
                data = data[:at] + chance.choice(PIECES) + data[cut:]
            case 2:
                data = data[:at] + data[at:cut] * 3 + data[cut:]
            case 3:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 4:
                other = chance.choice(good)
                data = data[:at] + other[chance.randrange(len(other)) :]
    return data


def _tried(reader: Reader, data: bytes) -> tuple[str, float]:
    began, fault = time.process_time(), ""
    try:
        reader.read(data)
    except reader.refusals:
        pass
    except Exception as error:
        fault = f"{reader.name}: {error!r} for {data[:300].hex()}"
    seconds = time.process_time() - began
    if not fault and seconds > LONGEST_SECONDS:
        fault = f"{reader.name}: {seconds:.1f} s for {data[:300].hex()}"
    return fault, seconds
