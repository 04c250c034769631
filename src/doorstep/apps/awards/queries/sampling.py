"""Which vouchers of a year are looked at: drawn by a seed of which the half was fixed before the
year closed and the other half nobody could know before. Anybody works it out from the record."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.utils import timezone

from doorstep.apps.awards.models import Payment
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.verify import body_of
from doorstep.engine.sampling import Draw, Voucher, draw, sample_size

OPENING = b"doorstep voucher sample v1\n"


@dataclass(frozen=True)
class Sampled:
    """A year's sample, and what it hangs on. `fixed` is the line that fixed it; `closed` the last
    line of the year, once it is over; `seed` in hex; `draw` None until there are both."""

    fixed: Leaf | None
    closed: Leaf | None
    seed: str = ""
    draw: Draw | None = None


def first_day(year: int) -> date:
    """A year of accounts begins on 1 April."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    return date(year + 1, 3, 31)


def year_of(day: date) -> int:
    """The year of accounts that a day is in."""
    return day.year if day >= date(day.year, 4, 1) else day.year - 1


def fixing_of(place: Place, year: int) -> Leaf | None:
    """The line that fixed a year's seed for a place."""
    lines = Leaf.objects.filter(log=Log.PUBLIC, kind="sample.seed_fixed").order_by("idx")
    return next(
        (
            leaf
            for leaf in lines
            if (said := body_of(leaf) or {}).get("place") == place.slug and said.get("year") == year
        ),
        None,
    )


def vouchers_of(place: Place, year: int) -> list[Voucher]:
    """Every payment that was released in a year, whatever became of it later; one statement."""
    sent = Payment.objects.filter(
        award__place=place,
        award__is_example=False,
        released_on__gte=first_day(year),
        released_on__lte=last_day(year),
    )
    return [
        Voucher(slug, pence) for slug, pence in sent.order_by("pk").values_list("slug", "pence")
    ]


def sampled(place: Place, year: int, today: date) -> Sampled:
    """The sample of a year as it stands on a day; four statements."""
    fixed = fixing_of(place, year)
    if today <= last_day(year):
        return Sampled(fixed, None)
    after = timezone.make_aware(datetime.combine(last_day(year) + timedelta(days=1), time.min))
    before = Leaf.objects.filter(log=Log.PUBLIC, recorded_at__lt=after)
    closed = before.order_by("-idx").first()
    if fixed is None or closed is None:
        return Sampled(fixed, closed)
    seed = seed_of(bytes(fixed.leaf_hash), bytes(closed.leaf_hash))
    terms = body_of(fixed) or {}
    vouchers = vouchers_of(place, year)
    size = sample_size(len(vouchers), int(terms["percent"]), int(terms["least"]))
    return Sampled(fixed, closed, seed.hex(), draw(vouchers, size, seed))


def seed_of(fixed: bytes, closed: bytes) -> bytes:
    """32 bytes: SHA-256 of our words and both lines' hashes, each in hex on a line of its own."""
    return sha256(OPENING + fixed.hex().encode() + b"\n" + closed.hex().encode() + b"\n").digest()
