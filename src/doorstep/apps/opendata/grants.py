"""Awards as grants in the 360Giving data standard, version 1.4: what funders in Britain publish.

An award is a grant once both sides have signed and it says who gets the money. Not among them:
awards on pretend money, awards that were called off before anything was paid, and bills that the
host pays itself, because nobody is given anything.

Fields follow the standard's published list (standard.threesixtygiving.org, 1.4). Nobody's name is
given: a person who is paid back is an individual without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from ninja import Router

from doorstep.apps.awards.models import Award, Payment, PaymentState, Receipt, ReceiptState
from doorstep.apps.fund.models import Allocation, Fund
from doorstep.apps.organisations.models import Identifier, Organisation
from doorstep.apps.partnerships.models import HostAgreement

from .awards import paid_pence, payee_of, told_awards
from .links import page
from .listing import CSV_ANSWER, alone, csv_answer, csv_lines
from .words import reader

router = Router(tags=["awards"])

VERSION = "1.4"
CURRENCY = "GBP"
LOCAL_AREA = "GLS060"  # of the standard's code list for the scope of a location
SIGNED = (Award.State.AGREED, Award.State.IN_PROGRESS, Award.State.CLOSED)
CHARITY = {"GB-CHC", "GB-SC", "GB-NIC"}
# (heading of the standard's spreadsheet, where the value stands in the JSON of a grant)
COLUMNS: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("Identifier", ("id",)),
    ("Title", ("title",)),
    ("Description", ("description",)),
    ("Currency", ("currency",)),
    ("Amount Awarded", ("amountAwarded",)),
    ("Amount Disbursed", ("amountDisbursed",)),
    ("Award Date", ("awardDate",)),
    ("URL", ("url",)),
    ("Recipient Org:0:Identifier", ("recipientOrganization", 0, "id")),
    ("Recipient Org:0:Name", ("recipientOrganization", 0, "name")),
    ("Recipient Org:0:Charity Number", ("recipientOrganization", 0, "charityNumber")),
    ("Recipient Org:0:Company Number", ("recipientOrganization", 0, "companyNumber")),
    ("Recipient Ind:Identifier", ("recipientIndividual", "id")),
    ("Recipient Ind:Name", ("recipientIndividual", "name")),
    ("Funding Org:0:Identifier", ("fundingOrganization", 0, "id")),
    ("Funding Org:0:Name", ("fundingOrganization", 0, "name")),
    ("Grant Programme:0:Code", ("grantProgramme", 0, "code")),
    ("Grant Programme:0:Title", ("grantProgramme", 0, "title")),
    ("Beneficiary Location:0:Name", ("beneficiaryLocation", 0, "name")),
    ("Beneficiary Location:0:Country Code", ("beneficiaryLocation", 0, "countryCode")),
    ("From An Open Call?", ("fromOpenCall",)),
    ("Last Modified", ("dateModified",)),
    ("Data Source", ("dataSource",)),
)


@dataclass(frozen=True)
class _Funders:
    """Who made a grant: whoever held the place's money on that day, or else the fund itself."""

    hosts: dict[int, list[HostAgreement]]
    funds: dict[int, Fund]

    @classmethod
    def read(cls) -> "_Funders":
        """Three statements."""
        hosts: dict[int, list[HostAgreement]] = {}
        held = HostAgreement.objects.select_related("partnership", "organisation")
        for one in held.prefetch_related("organisation__identifiers").order_by("since", "pk"):
            hosts.setdefault(one.partnership.place_id, []).append(one)
        given = Allocation.objects.select_related("fund").order_by("begins_on", "pk")
        return cls(hosts, {one.place_id: one.fund for one in given})

    def host_on(self, place: int, on: date) -> Organisation | None:
        for one in self.hosts.get(place, []):
            if one.since <= on and (one.until is None or on < one.until):
                return one.organisation
        return None


def package() -> dict[str, Any]:
    """The whole file: what it is, who publishes it under which licence, and every grant."""
    grants = list(all_grants())
    return {
        "version": VERSION,
        "title": "Grants of a community wealth fund",
        "description": "Every grant that both sides signed, with what was paid. Written by "
        "Doorstep from its public record.",
        "identifier": f"{prefix()}-grants",
        "publisher": {"name": _publisher(), "website": settings.ADDRESS},
        "license": settings.DATA_LICENCE,
        "downloadURL": f"{settings.ADDRESS}/api/v1/grants.json",
        "accessURL": page("opendata:explained"),
        **({"modified": max(one["dateModified"] for one in grants)} if grants else {}),
        "grants": grants,
    }


def all_grants() -> Iterator[dict[str, Any]]:
    """Every grant, oldest first. A fixed number of statements."""
    awards, funders = list(_signed_awards()), _Funders.read()
    words = [one.title for one in awards] + [one.agreement.purpose for one in awards]
    read = reader([(one.commitment, one.text) for one in words])
    for award in awards:
        funder = funders.host_on(award.place_id, award.commitment.effective_on)
        payee = payee_of(award)
        if payee is None or payee != funder:
            fund = funders.funds.get(award.place_id)
            yield _grant(award, read, payee, funder, fund)


def prefix() -> str:
    """What ids begin with: the publisher's prefix in the standard's register, or else the host."""
    return str(settings.GRANTS_PREFIX or urlsplit(settings.ADDRESS).hostname)


def cell(grant: dict[str, Any], where: tuple[str | int, ...]) -> object:
    """The value of one column of the spreadsheet; None where the grant has none."""
    value: Any = grant
    for step in where:
        if isinstance(step, str) and step not in value:
            return None
        value = value[step]
    return value


def _signed_awards() -> QuerySet[Award]:
    going_on = Q(state__in=SIGNED)
    stopped = Q(state=Award.State.CANCELLED, payments__state=PaymentState.CLEARED)
    cleared = Payment.objects.filter(state=PaymentState.CLEARED).select_related(
        "clear_entry", "cleared"
    )
    return (
        told_awards()
        .filter(going_on | stopped, is_example=False, agreement__isnull=False)
        .select_related("agreement__drafted")
        .prefetch_related(None)
        .prefetch_related(
            "agreement__payee_organisation__identifiers",
            Prefetch("payments", cleared.order_by("pk"), "cleared_payments"),
            Prefetch(
                "receipts", Receipt.objects.filter(state=ReceiptState.SHOWN), "shown_receipts"
            ),
        )
        .order_by("made__idx")
        .distinct()
    )


def _grant(
    award: Award, read: Any, payee: Organisation | None, funder: Organisation | None,
    fund: Fund | None,
) -> dict[str, Any]:  # fmt: skip
    purpose = award.agreement.purpose
    cleared: list[Payment] = award.cleared_payments  # type: ignore[attr-defined]
    moments = [award.made.recorded_at, award.agreement.drafted.recorded_at]
    moments += [one.cleared.recorded_at for one in cleared if one.cleared]
    title = read(award.title.commitment, award.title.text) or "(title removed)"
    grant: dict[str, Any] = {
        "id": f"{prefix()}-{award.slug}",
        "title": title,
        "description": read(purpose.commitment, purpose.text) or title,
        "currency": CURRENCY,
        "amountAwarded": _pounds(award.pence),
        "amountDisbursed": _pounds(paid_pence(award)),
        "awardDate": award.commitment.effective_on.isoformat(),
        "url": page("award", award.slug),
        "fundingOrganization": [_funder(funder, fund)],
        "beneficiaryLocation": [
            {"name": f"{award.place.name}, {award.place.council}", "countryCode": "GB"}
        ],
        "locationScope": LOCAL_AREA,
        "dateModified": _moment(max(moments)),
        "dataSource": page("opendata:explained"),
    }
    if payee is not None:
        grant["recipientOrganization"] = [_organisation(payee)]
    else:
        grant["recipientIndividual"] = {
            "id": f"{prefix()}-individual-{award.slug}",
            "name": "Individual, not named",
        }
    if fund is not None:
        grant["grantProgramme"] = [{"code": fund.slug, "title": fund.name}]
    if award.project_id is not None:
        grant["fromOpenCall"] = "Yes"
    if cleared:
        grant["disbursementTransaction"] = [_paid(one) for one in cleared]
    return grant


def _paid(one: Payment) -> dict[str, Any]:
    day = one.clear_entry.effective_on.isoformat() if one.clear_entry else None
    told = {"id": one.slug, "currency": CURRENCY, "value": _pounds(one.pence)}
    return told | ({"transactionDate": day} if day else {})


def _funder(host: Organisation | None, fund: Fund | None) -> dict[str, Any]:
    if host is not None:
        return _organisation(host)
    return {
        "id": f"{prefix()}-fund-{fund.slug if fund else 'unknown'}",
        "name": fund.name if fund else _publisher(),
    }


def _organisation(one: Organisation) -> dict[str, Any]:
    """Under its number on a public register, or else under one of ours."""
    numbers: list[Identifier] = list(one.identifiers.all())
    first = numbers[0] if numbers else None
    told = {"id": str(first) if first else f"{prefix()}-org-{one.slug}", "name": one.name}
    for number in numbers:
        if number.scheme in CHARITY:
            told.setdefault("charityNumber", number.value)
        elif number.scheme == Identifier.Scheme.COMPANIES_HOUSE:
            told["companyNumber"] = number.value
    return told


def _publisher() -> str:
    names = list(Fund.objects.order_by("pk").values_list("name", flat=True))
    return " and ".join(names) or settings.ADDRESS


def _pounds(pence: int) -> int | float:
    """The standard writes amounts in pounds as numbers; two decimals survive a float whole."""
    return pence // 100 if pence % 100 == 0 else pence / 100


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@router.get(
    "/grants.json",
    response=dict[str, Any],
    operation_id="grants",
    url_name="grants",
    summary="Grants, in the 360Giving standard",
)
@alone
def grants(request: HttpRequest) -> Any:
    """Every award that both sides signed, in one file, in version 1.4 of the standard. 404 until
    there is one: the standard has no empty file."""
    told = package()
    if not told["grants"]:
        raise Http404
    return told


@router.get(
    "/grants.csv",
    operation_id="grants_csv",
    url_name="grants-csv",
    summary="Grants, in the 360Giving standard, as CSV",
    openapi_extra=CSV_ANSWER,
)
@alone
def grants_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a spreadsheet, under the headings of the standard."""
    told = [[cell(one, where) for _heading, where in COLUMNS] for one in all_grants()]
    lines = csv_lines([heading for heading, _where in COLUMNS], told)
    return csv_answer("".join(lines), "grants.csv")
