"""Reads about members that pages and commands share."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships import rules
from doorstep.apps.partnerships.models import HostAgreement, Interest, Membership, Partnership
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place
from doorstep.engine.rulebook import rule


@dataclass(frozen=True)
class PartnershipSummary:
    """What the street may see of a partnership: counts, seats and hosts; no name of a person."""

    name: str
    composition: rules.Composition
    seats: tuple[tuple[str | Promise, int], ...]
    hosts: tuple[Organisation, ...]


def summary(place: Place, on: date) -> PartnershipSummary | None:
    """A place's partnership on a day, None when it has none yet. Three SQL statements."""
    partnership = Partnership.objects.filter(place=place).first()
    if partnership is None:
        return None
    members = list(Membership.objects.filter(holding(on), partnership=partnership))
    held = Counter(member.seat for member in members)
    agreements = HostAgreement.objects.filter(holding(on), partnership=partnership)
    return PartnershipSummary(
        name=partnership.name,
        composition=rules.composition(
            members,
            on,
            minimum=rule("partnership.minimum_members", on, place.slug),
            majority=rule("partnership.resident_majority", on, place.slug),
        ),
        seats=tuple(
            (label, held[value]) for value, label in Membership.Seat.choices if held[value]
        ),
        hosts=tuple(a.organisation for a in agreements.select_related("organisation")),
    )


def compositions(on: date) -> dict[int, rules.Composition]:
    """{partnership: its composition on a day} of every partnership; two statements.

    Counted by the database, so that 500 partnerships are told as fast as one.
    """
    spells = Membership.objects.filter(holding(on)).order_by()
    counted = {
        row["partnership"]: (row["size"], row["residents"])
        for row in spells.values("partnership").annotate(
            size=Count("pk"), residents=Count("pk", filter=Q(lives_here=True))
        )
    }
    found = {}
    for pk, slug in Partnership.objects.order_by("pk").values_list("pk", "place__slug"):
        size, residents = counted.get(pk, (0, 0))
        found[pk] = rules.counted(
            size,
            residents,
            on,
            minimum=rule("partnership.minimum_members", on, slug),
            majority=rule("partnership.resident_majority", on, slug),
        )
    return found


def interest_of(account: Account, organisations: Collection[int], on: date) -> Answer:
    """Whether an account must stay out of a decision about these organisations; one statement.

    Interests declared in any membership count: being tied to the payee does not stop at a border.
    """
    declared = Interest.objects.filter(
        holding(on), membership__account=account, organisation_id__in=organisations
    )
    return rules.has_interest(declared, organisations, on)
