"""What whoever holds a place's money owes: spend reports, the duties of closing, records."""

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import Funding, Move
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.places.models import Place
from doorstep.apps.promises.actions import Due, Owed, kept, owe
from doorstep.apps.promises.kinds import About, about, numbers
from doorstep.apps.promises.models import Promise, PromiseState
from doorstep.apps.promises.queries import due_after
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.rows import Row, row

REPORT, RECORDS = "hosting.report", "hosting.records"
REPORT_WITHIN, CLOSED_WITHIN = "hosting.report_within", "hosting.closing_within"
# After Local Trust's list for closing out (programme guidance).
DUTIES = {
    "hosting.close_policies": gettext_lazy("Wind down policies"),
    "hosting.close_bank": gettext_lazy("Close bank accounts and petty cash of this money"),
    "hosting.close_vat": gettext_lazy("Settle VAT"),
    "hosting.close_contracts": gettext_lazy("End contracts"),
    "hosting.close_staff": gettext_lazy("Meet what is owed to staff"),
    "hosting.close_assets": gettext_lazy("Say who owns what was bought"),
    "hosting.close_underspend": gettext_lazy("Send back what is not needed, with its fee"),
}


def to_report(move: Move, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """Money was paid to an organisation, so it owes a spend report. One open promise at a time."""
    place, body = move.funding.host.partnership.place, move.funding.host.organisation
    due = due_after(REPORT_WITHIN, on, place.slug)
    owed = Owed(
        REPORT, str(move.funding_id), Due.by(due, REPORT_WITHIN), place=place, organisation=body
    )
    owe(owed, on=on, actor=actor, leaf=leaf, again=True)


def reported(funding: Funding, *, on: date, actor: Actor, leaf: Leaf) -> None:
    open_ones = Promise.objects.filter(kind=REPORT, state=PromiseState.OPEN)
    for subject in open_ones.values_list("subject", flat=True):
        if subject.partition("#")[0] == str(funding.pk):
            kept(REPORT, subject, on=on, actor=actor, leaf=leaf)


def to_close(place: Place, body: Organisation, *, on: date, actor: Actor, leaf: Leaf) -> None:
    due = due_after(CLOSED_WITHIN, on, place.slug)
    for kind in DUTIES:
        owe(
            Owed(
                kind, f"{place.slug}:{body.slug}", Due.by(due, CLOSED_WITHIN), place=place,
                organisation=body,
            ),
            on=on, actor=actor, leaf=leaf,
        )  # fmt: skip


def closing_open(place: Place) -> list[str]:
    """What of the duties of closing is not done, in words."""
    left = Promise.objects.filter(
        kind__in=DUTIES, subject__startswith=f"{place.slug}:", state=PromiseState.OPEN
    )
    return [str(DUTIES[kind]) for kind in left.order_by("pk").values_list("kind", flat=True)]


def to_keep_records(
    place: Place, body: Organisation, until: date, *, on: date, actor: Actor, leaf: Leaf
) -> None:
    owe(
        Owed(RECORDS, f"{place.slug}:{body.slug}", Due(until), place=place, organisation=body),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip


def _fundings(keys: Collection[str]) -> QuerySet[Funding]:
    found, place = Funding.objects.filter(pk__in=numbers(keys)), "host__partnership__place"
    return row(found, key="pk", place=f"{place}__name", slug=f"{place}__slug")


@about(REPORT, gettext_lazy("Write a spend report"), _fundings)
def _report(funding: Row) -> About:
    return About(
        _("Write a spend report on the money of %(place)s") % {"place": funding["place"]},
        reverse("hosting", args=[funding["slug"]]),
        reverse("hosting-work", args=[funding["slug"]]),
    )


def _at_place(heading: str | Lazy) -> Callable[[Row], About]:
    def tell(place: Row) -> About:
        return About(str(heading), reverse("hosting", args=[place["key"]]))

    return tell


for _kind, _heading in DUTIES.items():
    about(_kind, _heading, ends=":")(_at_place(_heading))
about(RECORDS, gettext_lazy("Keep the records of the money"), ends=":")(
    _at_place(gettext_lazy("Keep the records of the money"))
)
