"""The checkpoints of a bundle: each that was signed, with what others signed about it, as files.

`checkpoints/<log>/<size>` is a signed note, `.tsr` beside it an authority's answer (RFC 3161) about
its first three lines, `checkpoints/witnesses` the keys of all who signed one, and
`checkpoints/words.csv` the eight words that hung on walls each month (docs/record.md).
"""

from collections.abc import Iterator, Mapping

from django.utils import timezone

from doorstep.apps.record.models import Checkpoint, Cosignature, Log, Timestamp, Witness
from doorstep.apps.record.queries import monthly_checkpoints
from doorstep.engine.seal.note import Note, VerifierKey, signature_of

FOLDER = "checkpoints"
EVERY_MONTH = 10**6


def kept_checkpoints(sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of everything that is kept of each log, up to its size on the web now."""
    public = sizes[Log.PUBLIC]
    for log, size in sizes.items():
        yield from _notes(log, size, public)
        yield from _timestamps(log, size)
    known = Witness.objects.filter(added__idx__lt=public).order_by("pk")
    yield f"{FOLDER}/witnesses", "".join(f"{one.vkey}\n" for one in known).encode()
    yield f"{FOLDER}/words.csv", "".join(_words(public)).encode()


def without_late_lines(note: bytes, public: int) -> bytes:
    """A checkpoint as it is shown, but for witnesses whose leaf is not signed yet: nobody who reads
    the bundle could know their keys."""
    late = Witness.objects.filter(added__idx__gte=public)
    keys = {(key.name, key.id) for key in (VerifierKey.parse(one.vkey) for one in late)}
    shown = Note.parse(note)
    lines = tuple(one for one in shown.signatures if (one.name, one.key_id) not in keys)
    return str(Note(shown.text, lines)).encode()


def _notes(log: str, size: int, public: int) -> Iterator[tuple[str, bytes]]:
    lines = _lines(log, public)
    signed = Checkpoint.objects.filter(log=log, size__lte=size).order_by("size")
    for one in signed.iterator():
        note = Note.parse(one.note.encode())
        whole = Note(note.text, (*note.signatures, *map(signature_of, lines.get(one.pk, []))))
        yield f"{FOLDER}/{log}/{one.size}", str(whole).encode()


def _lines(log: str, public: int) -> dict[int, list[str]]:
    """What witnesses signed, by checkpoint: the first line of each and its last, because one that
    looks every day at a quiet fund signs the same hundreds of times. Whoever was removed since
    signed what it signed; a checker cannot know one yet whose leaf is not signed."""
    found: dict[int, dict[int, list[str]]] = {}
    kept = Cosignature.objects.filter(checkpoint__log=log, witness__added__idx__lt=public)
    rows = kept.order_by("witness", "signed_at", "pk")
    for checkpoint, witness, line in rows.values_list("checkpoint", "witness", "line"):
        mine = found.setdefault(checkpoint, {}).setdefault(witness, [])
        mine[1:] = [line.rstrip("\n")]
    return {
        checkpoint: [line for lines in by_witness.values() for line in lines]
        for checkpoint, by_witness in found.items()
    }


def _timestamps(log: str, size: int) -> Iterator[tuple[str, bytes]]:
    numbers: dict[int, int] = {}
    kept = Timestamp.objects.filter(checkpoint__log=log, checkpoint__size__lte=size)
    rows = kept.order_by("pk").values_list("checkpoint__size", "token")
    for at, token in rows.iterator():
        numbers[at] = number = numbers.get(at, 0) + 1
        more = f".{number}" if number > 1 else ""
        yield f"{FOLDER}/{log}/{at}{more}.tsr", bytes(token)


def _words(public: int) -> Iterator[str]:
    yield "month,leaves,words\n"
    for one in reversed(monthly_checkpoints(EVERY_MONTH)):
        if one.size <= public:
            month = timezone.localtime(one.signed_at).strftime("%Y-%m")
            yield f"{month},{one.size},{one.words}\n"
