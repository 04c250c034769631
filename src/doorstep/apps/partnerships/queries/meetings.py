"""Reads about meetings: who holds a seat, who must stay out, what an agenda came to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import (
    AgendaItem,
    Declaration,
    Household,
    Interest,
    ItemDecision,
    Meeting,
    MeetingState,
    Membership,
    MinutesStep,
    Outcome,
    Paper,
    Partnership,
    Presence,
)
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place

RELATED = ("partnership__place", "where", "why", "short_notice", "continues", "goes_on_as")


def meetings_of(place: Place) -> QuerySet[Meeting]:
    """Every meeting of a place, newest first, with how many items came to a decision."""
    decided = Q(items__decision__outcome__in=[Outcome.CARRIED, Outcome.LOST])
    return (
        Meeting.objects.filter(partnership__place=place)
        .select_related(*RELATED)
        .annotate(on_agenda=Count("items"), decided=Count("items", filter=decided))
        .order_by("-meets_at", "-number")
    )


def seats_at(meeting: Meeting) -> list[Membership]:
    """Whoever holds a seat on the day of a meeting, the chair first; one statement."""
    day = timezone.localtime(meeting.meets_at).date()
    held = Membership.objects.filter(holding(day), partnership_id=meeting.partnership_id)
    order = list(Membership.Seat.values)
    return sorted(
        held.select_related("name"), key=lambda seat: (order.index(seat.seat), seat.called.lower())
    )


def must_stay_out(
    item: AgendaItem, meeting: Meeting, seats: Iterable[Membership], on: date
) -> dict[int, set[str]]:
    """{seat: kinds of interest} of everybody who stays out of an item; three statements.

    By what was declared for it or for the whole meeting, by a lasting tie to whoever could be
    paid, whatever the seat in which it was declared, and by living with somebody who could be.
    """
    accounts = {seat.account_id: seat.pk for seat in seats}
    held: dict[int, set[str]] = defaultdict(set)
    declared = Declaration.objects.filter(Q(item=item) | Q(item=None), meeting=meeting).values_list(
        "membership__account", "kind"
    )
    for account, kind in declared:
        held[account].add(kind)
    if item.organisation_id:
        ties = Interest.objects.filter(holding(on), organisation_id=item.organisation_id)
        for account, kind in ties.values_list("membership__account", "kind"):
            held[account].add(kind)
    homes = Household.objects.filter(holding(on)).filter(
        Q(one__in=accounts) | Q(other__in=accounts)
    )
    found = rules.through_household(held, homes.values_list("one", "other"))
    return {accounts[account]: kinds for account, kinds in found.items() if account in accounts}


@dataclass(frozen=True)
class Told:
    """One item for a page: how it ended, in words, and why it could not be decided."""

    item: AgendaItem
    decision: ItemDecision | None
    word: str
    tone: str
    why: tuple[str, ...]
    stayed_out: tuple[tuple[str, int], ...]

    @property
    def number(self) -> int:
        return self.item.number


TONES = {
    Outcome.CARRIED: "good",
    Outcome.LOST: "stopped",
    Outcome.NOT_DECIDED: "waiting",
    Outcome.NOTED: "plain",
}


def agenda(meeting: Meeting) -> list[Told]:
    """A meeting's items in their order, each with papers and outcome; three statements."""
    items = (
        meeting.items.select_related(
            "title", "organisation", "minutes_of", "decision__note", "decision__leaf",
            "decision__chair", "carried_from__meeting", "carried_to__meeting",
        )
        .prefetch_related(
            Prefetch("papers", Paper.objects.select_related("title", "file")),
            Prefetch("presences", Presence.objects.exclude(stays_out="")),
        )
        .order_by("number")
    )  # fmt: skip
    return [told(item, meeting) for item in items]


def told(item: AgendaItem, meeting: Meeting) -> Told:
    decision: ItemDecision | None = getattr(item, "decision", None)
    if decision is None:
        over = meeting.state != MeetingState.CALLED
        return Told(item, None, _("not reached") if over else _("to come"), "plain", (), ())
    kinds = [one.stays_out for one in item.presences.all()]
    out = tuple(
        (str(label), kinds.count(kind)) for kind, label in Interest.Kind.choices if kind in kinds
    )
    word = str(Outcome(decision.outcome).label)
    why = room_of(decision).warnings if decision.outcome == Outcome.NOT_DECIDED else ()
    return Told(item, decision, word, TONES[Outcome(decision.outcome)], why, out)


def room_of(decision: ItemDecision) -> rules.Room:
    """The room of a decision as it was counted, by the rules that it holds itself."""
    codes = []
    if decision.counted < decision.quorum:
        codes.append("no_quorum")
    if decision.residents * 100 < decision.counted * decision.majority:
        codes.append("no_resident_majority")
    return rules.Room(
        decision.present, decision.counted, decision.residents, decision.quorum,
        decision.majority, tuple(codes),
    )  # fmt: skip


def minutes_of(meeting: Meeting) -> list[MinutesStep]:
    """The steps of a meeting's minutes; one statement."""
    return list(meeting.minutes.select_related("text", "leaf", "decision__item__meeting"))


def hidden_names(partnership: Partnership) -> list[str]:
    """Names of everybody who ever sat here and is not named in public; one statement."""
    seats = Membership.objects.filter(partnership=partnership, name__isnull=False)
    return [
        text
        for text in seats.filter(named_in_public=False).values_list("name__text", flat=True)
        if text
    ]


def presence_before(item: AgendaItem) -> dict[int, str]:
    """{seat: here} at the item of the meeting that was dealt with last, to start the next from;
    one statement."""
    done = ItemDecision.objects.filter(item__meeting_id=item.meeting_id).order_by("-leaf__idx")
    there = Presence.objects.filter(item=done.values("item")[:1])
    return dict.fromkeys(there.values_list("membership", flat=True), rules.HERE)
