"""Whatever reads files and typing, each with what it takes and how it says no."""

from collections.abc import Callable
from pathlib import Path

from .reader import Reader, texts
from .readers_of_records import of_records
from .readers_of_votes import of_votes


def readers(folder: Path) -> list[Reader]:
    """Every reader of what strangers send or officers upload, with what it needs in `folder` and
    in the database. Django is set up by now."""
    return [
        *_of_typing(), *_of_money(), *_of_seals(), *_of_need(), *of_votes(), *of_records(folder)
    ]  # fmt: skip


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
        Reader("codes", texts(codes.read), (codes.MistypedError,), [b"4NH9-442Q-8GMB-YC5R"]),
        Reader("sums", texts(read_pounds), (Refused,), [b"1,250.50"]),
        Reader("addresses", texts(address_or_refuse), (Refused,), addresses),
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
        Reader("checkpoints", texts(Checkpoint.parse), (SealError,), [text.encode()]),
        Reader("keys", texts(VerifierKey.parse), (SealError,), [str(key.verifier).encode()]),
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
            "scenarios", texts(read_scenario), (ForecastError,),
            [text_of(Path("millbrook")).encode()], share=0.2,
        ),
    ]  # fmt: skip
