"""Feeds whatever reads files and typing with damaged and random bytes, for a long time.

Each starts from good examples and cuts, repeats, flips and puts in, several times over. A reader
may refuse, in the way that it says it refuses; anything else it raises is a fault, and so is an
answer that takes more processor time than a person would wait. What failed is printed as hex.
"""

import random
import time

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh
from bench.torture.frame.reader import Reader
from bench.torture.frame.readers import readers

NUMBERS = ("T21",)
EACH_DATABASE = False

LONGEST_SECONDS = 5.0
PIECES = (
    b"<", b"]]>", b"&x;", b"\x00", b",", b";", b"\n", b'"', b"-", b"\xff\xfe", b"9" * 40, b"=cmd()",
    b"9" * 5_000, b"<!ENTITY a 'b'>", b"\xf0\x9f\x8e\x88", b"+", b"1e999", b"nan", b"[[[[", b"{}",
    b"\xe2\x80\xae",
)  # fmt: skip


def main(options: Options) -> list[Figure]:
    inputs = options.size(6_000, 600_000)
    there = Options(options.seed, "sqlite", options.full, options.folder)
    with fresh(there):
        from doorstep.site.server import prepare_static

        prepare_static()
        found = readers(options.folder)
        chance, faults, slowest, inputs_tried = options.chance(), [], 0.0, 0
        for reader in found:
            mine = max(30, int(inputs * reader.share / len(found)))
            for number in range(mine):
                data = damaged(reader.good, chance)
                fault, seconds = tried(reader, data)
                slowest, inputs_tried = max(slowest, seconds), inputs_tried + 1
                faults += [fault] if fault else []
                options.say(f"{reader.name}: {number:,} of {mine:,}; {len(faults)} faults")
    for fault in faults[:10]:
        print(f"  {fault}")
    figure = (
        f"{inputs_tried:,} inputs to {len(found)} readers; {len(faults)} faults; "
        f"the slowest took {slowest:.1f} s"
    )
    return [Figure("T21", "readers fed nonsense", figure, not faults)]


def damaged(good: list[bytes], chance: random.Random) -> bytes:
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


def tried(reader: Reader, data: bytes) -> tuple[str, float]:
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
