"""Whatever reads files and typing, each with what it takes and how it says no."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reader:
    """`read` takes bytes; `refusals` is how it says no; `good` is what it takes. `share` says how
    many inputs of a hundred it gets: one that starts a process gets few."""

    name: str
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    good: list[bytes]
    share: float = 1.0


def readers() -> list[Reader]:
    """Every reader of what strangers send or officers upload. Django is set up by now."""
    return [*_of_typing(), *_of_money(), *_of_seals(), *_of_need()]


def _of_typing() -> list[Reader]:
    from doorstep.apps.files.cleaning import Unclean, cleaned
    from doorstep.apps.ledger.rules import read_pounds
    from doorstep.apps.outbox.rules import address_or_refuse
    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import codes
    from tests.apps.awards.test_what_became_of_the_money_is_told import picture

    pictures = [picture("one"), picture("two", form="PNG"), picture("three", form="PDF")]
    addresses = [b"ann@x.example", b"07700 900123"]
    return [
        Reader("codes", _texts(codes.read), (codes.MistypedError,), [b"4NH9-442Q-8GMB-YC5R"]),
        Reader("sums", _texts(read_pounds), (Refused,), [b"1,250.50"]),
        Reader("addresses", _texts(address_or_refuse), (Refused,), addresses),
        Reader("uploads", cleaned, (Unclean,), pictures, share=0.01),
    ]


def _of_money() -> list[Reader]:
    from doorstep.apps.ledger.statements import read
    from doorstep.apps.refused import Refused
    from doorstep.engine.count import PabulibError, read_pabulib
    from tests.apps.ledger.statements import EVERY
    from tests.millbrook import ballots

    return [
        Reader("bank statements", read, (Refused,), [one.encode() for one in EVERY.values()]),
        Reader("elections", read_pabulib, (PabulibError,), [ballots()]),
    ]


def _of_seals() -> list[Reader]:
    from doorstep.engine.seal.canonical import CanonicalError, parse
    from doorstep.engine.seal.checkpoint import Checkpoint
    from doorstep.engine.seal.faults import SealError
    from doorstep.engine.seal.note import LOG, Note, SignerKey, VerifierKey

    key = SignerKey.new("doorstep.example/log", LOG)
    text = "doorstep.example/log\n5\n" + "A" * 43 + "=\n"
    note = (text + "\n" + key.sign(text)).encode()
    return [
        Reader("notes", Note.parse, (SealError,), [note]),
        Reader("checkpoints", _texts(Checkpoint.parse), (SealError,), [text.encode()]),
        Reader("keys", _texts(VerifierKey.parse), (SealError,), [str(key.verifier).encode()]),
        Reader("leaves", parse, (CanonicalError,), [b'{"kind":"place.noted","v":1}']),
    ]


def _of_need() -> list[Reader]:
    import doorstep.engine.need
    from doorstep.engine.forecast.command import text_of
    from doorstep.engine.forecast.scenario import ForecastError, read_scenario
    from doorstep.engine.need import read_boundaries, read_index, read_look_up, read_postcodes
    from doorstep.engine.need.errors import NeedError
    from doorstep.engine.need.geography import LSOA_2021, Geography

    made_up = Path(doorstep.engine.need.__file__).parent / "data" / "millbrook"
    neighbourhoods = Geography.named("MSOA 2021")

    def file(name: str, read: Callable[[bytes], object]) -> Reader:
        return Reader(name, read, (NeedError,), [(made_up / name).read_bytes()], share=0.2)

    return [
        file("File_7_made_up.csv", lambda data: read_index(data, partial=True)),
        file("look_up_made_up.csv", lambda data: read_look_up(data, LSOA_2021, neighbourhoods)),
        file("boundaries_made_up.geojson", lambda data: read_boundaries(data, neighbourhoods)),
        file("postcodes_made_up.csv", lambda data: read_postcodes(data, LSOA_2021, year=2026)),
        Reader(
            "scenarios", _texts(read_scenario), (ForecastError,),
            [text_of(Path("millbrook")).encode()], share=0.2,
        ),
    ]  # fmt: skip


def _texts(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))
