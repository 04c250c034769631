"""The place's money of today, and a year's spend against its profile and forecast."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award, Instalment, Payment
from doorstep.apps.awards.queries.sampling import first_day, last_day
from doorstep.apps.fund.queries import allocation_of, to_come
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.people.spells import said_day
from doorstep.site.assurance.values import Cell, Pack, Part, Pence


def money_today(found: Pack) -> Part:
    """The place's figures of today, as its page shows them."""
    figures = place_money(found.place.slug)
    allocation = allocation_of(found.place.pk)
    rows: list[tuple[Cell, ...]] = []
    if figures is not None:
        rows = [
            (_("Came in"), Pence(figures.came_in)),
            (_("Promised and not paid yet"), Pence(figures.promised)),
            (_("On its way"), Pence(figures.on_its_way)),
            (_("Paid"), Pence(figures.paid)),
            (_("Left"), Pence(figures.left)),
        ]
    if allocation is not None:
        rows.append((_("Promised to the place and still to come"), Pence(to_come(allocation))))
    return Part(
        "money",
        _("The money today"),
        found.query("money"),
        [_("What"), _("Sum")],
        rows,
        _("No money was given to this place yet."),
        page=reverse("place", args=[found.place.slug]),
    )


def spend(found: Pack) -> Part:
    """By quarter: what the agreements planned, what was paid, and what is still to be paid."""
    planned = [
        (one.due_on, one.pence)
        for one in Instalment.objects.filter(
            agreement__award__place=found.place, agreement__award__is_example=False
        ).exclude(agreement__award__state=Award.State.CANCELLED)
    ]
    whole = Award.objects.filter(
        place=found.place, is_example=False, agreement__instalments=None
    ).exclude(state=Award.State.CANCELLED)
    planned += [
        (timezone.localdate(one.made.recorded_at), one.pence)
        for one in whole.select_related("made")
    ]
    sent = [
        (one.released_on, one.pence)
        for one in Payment.objects.filter(
            award__place=found.place,
            award__is_example=False,
            released_on__isnull=False,
            return_entry=None,
        )
    ]
    rows, plan_so_far, paid_so_far = [], 0, 0
    before = first_day(found.year)
    plan_so_far = sum(pence for day, pence in planned if day < before)
    paid_so_far = sum(pence for day, pence in sent if day and day < before)
    to_pay = sum(pence for _day, pence in planned) - sum(pence for _day, pence in sent)
    for first, last in quarters(found.year):
        plan = sum(pence for day, pence in planned if first <= day <= last)
        paid = sum(pence for day, pence in sent if day and first <= day <= last)
        plan_so_far, paid_so_far = plan_so_far + plan, paid_so_far + paid
        ahead = last >= found.made_on
        # What was planned by the end of the quarter and is not paid yet, as nobody put it off.
        due = max(plan_so_far - sum(p for _d, p in sent), 0) if ahead else None
        rows.append(
            (
                _("%(first)s to %(last)s") % {"first": said_day(first), "last": said_day(last)},
                Pence(plan),
                Pence(paid),
                Pence(plan_so_far),
                Pence(paid_so_far),
                None if due is None else Pence(min(due, to_pay)),
            )
        )
    return Part(
        "spend",
        _("Spend against profile, and forecast"),
        found.query("spend"),
        [
            _("Quarter"),
            _("Profile"),
            _("Paid"),
            _("Profile so far"),
            _("Paid so far"),
            _("Forecast: to pay by its end"),
        ],
        rows,
        "",
        [
            _(
                "The profile is when agreements say that each part is due; an award without parts "
                "counts on the day on which it was made. Money that came back is not counted as "
                "paid."
            )
        ],
        page=reverse("place-payments", args=[found.place.slug]),
    )


def quarters(year: int) -> list[tuple[date, date]]:
    """The four quarters of a year of accounts, each with its first and last day."""
    starts = [date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1)]
    ends = [*(date.fromordinal(day.toordinal() - 1) for day in starts[1:]), last_day(year)]
    return list(zip(starts, ends, strict=True))
