"""Re-checks who counted: the two of a room and the sheet they signed, and the two of a recount."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterator

from doorstep.apps.files.models import StoredFile
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.rounds.models import BallotBox, Recount, Round, RoundSize, Tally, TallySheet
from doorstep.apps.rounds.queries import project_costs, public_rounds, room_count
from doorstep.apps.rounds.totals import read_counted, read_published


def verify_counts() -> Iterator[Finding]:
    """Faults in how the counts of rooms are numbered, in their photos, and in whose recounts are
    signed; nothing when all is sound."""
    rooms = dict(Round.objects.filter(terms__size=RoundSize.ROOM).values_list("pk", "slug"))
    numbers: dict[int, list[int]] = defaultdict(list)
    for tally in Tally.objects.order_by("number", "pk"):
        numbers[tally.round_id].append(tally.number)
    for pk, numbered in sorted(numbers.items()):
        if pk not in rooms:
            yield Finding("Rounds", "somebody counted a room of a round that is held in none.")
        elif numbered != list(range(1, len(numbered) + 1)):
            yield Finding(f"Round {rooms[pk]}", "its counts are not numbered one after another.")
    photos = list(Tally.objects.exclude(photo=None).values_list("photo_id", flat=True))
    kept = StoredFile.objects.filter(pk__in=photos, purpose="tally-sheet").count()
    if kept != len(photos):
        yield Finding("Rounds", "a count of a room has no photo of its own.")
    counted = Round.objects.exclude(counted=None).values("pk")
    if Recount.objects.exclude(round_id__in=counted).exists():
        yield Finding("Rounds", "a recount is signed of a round that was never counted.")


def one_room(round_: Round) -> Iterator[str]:
    """Faults between the totals of one room, the two counts behind them, and the signed sheet."""
    if round_.closed is None or round_.box.form != BallotBox.Form.TOTALS:
        return
    sheet = TallySheet.objects.select_related("first", "second", "photo").filter(round=round_)
    one = sheet.first()
    if one is None or one.first.text != one.second.text:
        yield "no two people counted its totals alike."
        return
    counters = sorted([one.first.counter_id, one.second.counter_id])
    if counters[0] == counters[1] or said(round_.closed, "counters") != counters:
        yield "its totals were not counted by the two people that the record names."
    yield from _sheet(round_, one)
    yield from _totals(round_, one)


def _sheet(round_: Round, one: TallySheet) -> Iterator[str]:
    """Faults between a signed sheet and the counts: the same two agree whenever they are read."""
    try:
        again = room_count(round_)
    except ValueError as problem:
        yield f"what was counted cannot be read: {problem}."
        return
    signed = (one.first_counter_id, one.second_counter_id)
    counted = (one.first.counter_id, one.second.counter_id)
    if again.pair != (one.first, one.second) or signed != counted:
        yield "its sheet is not signed by the two whose counts agreed."
    if again.photo != one.photo:
        yield "its sheet is not in the photo that the two who agreed gave with their counts."


def _totals(round_: Round, one: TallySheet) -> Iterator[str]:
    """Faults between the published totals, the counts behind them and what was frozen."""
    try:
        published = read_published(round_.box.published)
        counted = read_counted(one.first.text)
    except (ValueError, OSError, EOFError, zlib.error) as problem:
        yield f"its totals cannot be read: {problem}."
        return
    if published.counted != counted:
        yield "its published totals are not what the two people counted."
    if published.sheet != one.photo.fingerprint:
        yield "its totals name another sheet than the one in the photo."
    if dict(published.costs) != project_costs(round_):
        yield "its totals are about other ideas than the frozen ones."
    if published.budget_pence != round_.budget_pence:
        yield "its totals name another pot than the frozen one."


def recounts(round_: Round) -> Iterator[str]:
    """Faults between those who signed a recount, what they found, and the leaf that says so."""
    if round_.counted is None:
        return
    signed = list(Recount.objects.filter(round=round_).select_related("name").order_by("pk"))
    result = sha256(round_.result.outcome.encode())
    if any(one.result_sha256 != result for one in signed):
        yield "a recount of it is signed that found another result."
    by = [one.name.commitment if one.name else "" for one in signed]
    told = [body.get("by") for body in _signed(round_)]
    if told != ([by] if len(by) > 1 else []):
        yield "its recount is not signed by those whom the record names."


def signed_recount(round_: Round) -> list[Recount]:
    """The two who recounted a round whose ballots are not published, if the record agrees."""
    box = getattr(round_, "box", None)
    if box is None or round_.counted is None:
        return []
    result = sha256(round_.result.outcome.encode())
    found = list(Recount.objects.filter(round=round_, result_sha256=result).select_related("name"))
    told = any(
        body.get("ballots_sha256") == box.sha256 and body.get("result_sha256") == result
        for body in _signed(round_)
    )
    return found if told and len(found) > 1 else []


def verdicts() -> Iterator[str]:
    """Rounds that stand on a signed recount: neither sound by our own count nor wrong."""
    forgotten = public_rounds().filter(box__packed=b"").select_related("box", "result", "counted")
    for round_ in forgotten.order_by("pk"):
        if by := signed_recount(round_):
            names = " and ".join(one.name.text if one.name else "a member" for one in by)
            yield f"Round {round_.slug}: recounted by {names}, signed; not publicly recountable."


def said(leaf: Leaf | None, name: str) -> object:
    """What a leaf says under a name; None where there is no leaf, or it says nothing of it."""
    body = body_of(leaf) if leaf is not None else None
    return body.get(name) if body else None


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _signed(round_: Round) -> list[dict]:
    """What the leaves of signed recounts say of this round."""
    leaves = Leaf.objects.filter(log="public", kind="round.recount_signed").order_by("idx")
    bodies = (body_of(leaf) or {} for leaf in leaves)
    return [body for body in bodies if body.get("round") == round_.slug]
