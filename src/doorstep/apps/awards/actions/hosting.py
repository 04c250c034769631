"""Agreements between the fund and a place's locally trusted organisations: drafted by one, accepted
by another, taken over without a total moving twice; schedules, bridging and spend reports.

The practice is Big Local's (programme guidance on funding agreements).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised_hosting
from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.models import CloseOut, Funding, Part, SpendReport
from doorstep.apps.awards.queries.hosting import Held, held, share_of
from doorstep.apps.fund import accounts
from doorstep.apps.fund.models import Fund
from doorstep.apps.ledger.models import Account as LedgerAccount
from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.organisations.models import Document, Organisation
from doorstep.apps.organisations.queries import officers_on, passport, stopped
from doorstep.apps.partnerships.actions import end_host
from doorstep.apps.partnerships.models import HostAgreement
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

MOST_PARTS = 40
Schedule = Sequence[tuple[int, date]]


@transaction.atomic
def draft_funding(
    host: HostAgreement,
    parts: Schedule,
    *,
    takes_over: Funding | None = None,
    on: date,
    actor: Actor,
) -> Funding:
    """The fund says what it will pay to an organisation, and when. One that takes over another's
    is of exactly what was still to come of that one. Drafted twice the same on one day, it is
    drafted once."""
    account = person(actor)
    lock_head()
    host = HostAgreement.objects.select_related("partnership__place", "organisation").get(
        pk=host.pk
    )
    place, body = host.partnership.place, host.organisation
    _refuse_role(actor, "funder", _("A funder drafts the agreement."))
    refuse_closed(place)
    if not host.holds(on):
        raise Refused(
            _("%(body)s does not hold this place’s money today.") % {"body": body.name},
            code="not_host",
        )
    if speaks_for(body, account, on):
        raise Refused(
            _("You speak for %(body)s, so somebody else does this.") % {"body": body.name},
            code="own_body",
        )
    policy = stopped(body, "new-agreement", on, with_people_at_risk=True)
    if policy:
        raise Refused(policy.reason, code="policy_expired")
    _refuse_schedule(parts)
    for earlier in Funding.objects.filter(
        host=host, takes_over=takes_over, drafted_by=account, drafted_on=on, accepted=None,
        withdrawn=None,
    ):  # fmt: skip
        if list(earlier.parts.values_list("pence", "due_on")) == list(parts):
            return earlier
    fund = _fund_of(place)
    standing = held(place)
    total = sum(pence for pence, _day in parts)
    if takes_over is not None:
        _refuse_a_second_heir(takes_over)
        _refuse_other_total(standing.get(takes_over.pk), total)
    else:
        _refuse_over_share(place, standing, total)
        if any(one.funding.host_id == host.pk and one.stands for one in standing.values()):
            raise Refused(
                _("%(body)s has an agreement already. Draft one that takes it over.")
                % {"body": body.name},
                code="funding_stands",
            )
    drafted = write_leaf(
        "hosting.drafted",
        {
            "place": place.slug, "organisation": body.slug, "fund": fund.slug,
            "parts": [[pence, day.isoformat()] for pence, day in parts],
            "takes_over": takes_over.drafted.idx if takes_over else None,
            "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    funding = Funding.objects.create(
        host=host, fund=fund, takes_over=takes_over, drafted_by_id=account, drafted_on=on,
        drafted=drafted,
    )  # fmt: skip
    for number, (pence, day) in enumerate(parts, start=1):
        Part.objects.create(
            funding=funding, number=number, pence=pence, due_on=day, leaf=drafted
        )  # fmt: skip
    return funding


@transaction.atomic
def accept_funding(funding: Funding, *, on: date, actor: Actor) -> Funding:
    """The organisation agrees. From now on the agreement that it takes over is paid no more."""
    account = person(actor)
    one = held_funding(funding)
    place, body = one.funding.host.partnership.place, one.funding.host.organisation
    if one.funding.accepted_id is not None:
        return one.funding
    refuse_closed(place)
    refuse_outsider(body, account, on)
    if one.withdrawn:
        raise Refused(
            _("The fund withdrew this draft, so there is nothing to accept. Wait for a new one."),
            code="withdrawn",
        )
    if one.funding.drafted_by_id == account:
        raise Refused(_("You drafted this, so somebody else accepts it."), code="drafted_it")
    parts = sum(part.pence for part in one.parts)
    former = one.funding.takes_over
    if former is not None:
        _refuse_other_total(held(place).get(former.pk), parts)
    else:
        _refuse_over_share(place, held(place), parts)
    one.funding.accepted_by_id, one.funding.accepted_on = account, on
    one.funding.accepted = write_leaf(
        "hosting.accepted",
        {
            "place": place.slug, "organisation": body.slug, "pence": parts,
            "agreement": one.funding.drafted.idx, "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    one.funding.save(update_fields=["accepted_by", "accepted_on", "accepted"])
    return one.funding


@transaction.atomic
def ask_bridging(
    funding: Funding, pence: int, *, due_on: date, why: str, on: date, actor: Actor
) -> Part:
    """An organisation asks for money between two parts: in time, no more than an average part,
    and with its accounts in date. Asked twice for one day in the same words, it is asked once."""
    account = person(actor)
    one = standing_funding(funding)
    place, body = one.funding.host.partnership.place, one.funding.host.organisation
    refuse_outsider(body, account, on)
    check_pence(pence)
    refuse_blank({_("reason"): why}, {_("reason"): 500})
    ahead = timedelta(days=int(rule("hosting.bridging_ahead", on, place.slug).value))
    if due_on < on + ahead:
        raise Refused(
            _("Ask at least %(days)s days ahead: for %(day)s or later.")
            % {"days": ahead.days, "day": said_day(on + ahead)},
            code="bridging_late",
        )
    planned = [part.pence for part in one.parts if not part.bridging]
    average = sum(planned) // len(planned)
    if pence > average:
        raise Refused(
            _("At most %(sum)s, an average part. For more, agree a new plan.")
            % {"sum": pounds(average)},
            code="bridging_much",
        )
    if not passport(body, on).paper(Document.Kind.ACCOUNTS).counts:
        raise Refused(
            _("Hand in the latest signed accounts first; they belong in the passport."),
            code="bridging_accounts",
        )
    asked = one.funding.parts.filter(pence=pence, due_on=due_on, why__text=why)
    if earlier := asked.first():
        return earlier
    _refuse_over_share(place, held(place), pence)
    words = keep_words(why)
    number = 1 + max(part.number for part in one.parts)
    leaf = write_leaf(
        "hosting.bridging_asked",
        {
            "place": place.slug, "organisation": body.slug, "part": number, "pence": pence,
            "due_on": due_on.isoformat(), "why": words.commitment,
            "agreement": one.funding.drafted.idx, "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    return Part.objects.create(
        funding=one.funding, number=number, pence=pence, due_on=due_on, why=words, leaf=leaf
    )


@transaction.atomic
def report_spend(
    funding: Funding, *, at_bank_pence: int, words: str, on: date, actor: Actor
) -> SpendReport:
    """What was spent until today, as the ledger has it; what stands at the bank, as they say.

    Told twice the same on one day, while nothing moved, it is told once.
    """
    account = person(actor)
    one = held_funding(funding)
    body, place = one.funding.host.organisation, one.funding.host.partnership.place
    refuse_outsider(body, account, on)
    if type(at_bank_pence) is not int:
        check_pence(at_bank_pence)
    refuse_blank({_("report"): words}, {_("report"): 2000})
    number = 1 + (one.funding.reports.aggregate(last=Max("number"))["last"] or 0)
    spent = one.spent - sum(report.spent_pence for report in one.reports)
    figures = {"spent": max(spent, 0), "held": one.free + one.in_flight, "at_bank": at_bank_pence}
    same = one.funding.reports.filter(
        number=number - 1, until=on, held_pence=figures["held"], at_bank_pence=at_bank_pence,
        words__text=words, said_by=account,
    )  # fmt: skip
    if not spent and (earlier := same.first()):
        return earlier
    said = keep_words(words)
    leaf = write_leaf(
        "hosting.reported",
        {
            "place": place.slug, "organisation": body.slug, "report": number,
            "until": on.isoformat(), **figures, "words": said.commitment,
            "agreement": one.funding.drafted.idx, "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    report = SpendReport.objects.create(
        funding=one.funding, number=number, until=on, spent_pence=figures["spent"],
        held_pence=figures["held"], at_bank_pence=at_bank_pence, words=said,
        said_by_id=account, leaf=leaf,
    )  # fmt: skip
    promised_hosting.reported(one.funding, on=on, actor=actor, leaf=leaf)
    return report


@transaction.atomic
def stop_hosting(host: HostAgreement, *, on: date, actor: Actor) -> HostAgreement:
    """An organisation holds the money no more: once its agreement was taken over or never stood,
    and nothing of the place's is left with it or on its way."""
    lock_head()
    if actor.kind != "partnership_member":
        raise Refused(_("The partnership chooses who holds its money."), code="role")
    for one in held(host.partnership.place).values():
        if one.funding.host_id != host.pk:
            continue
        if one.stands:
            raise Refused(
                _("Its agreement stands. Let the next organisation take it over first."),
                code="funding_stands",
            )
        if one.free or one.in_flight or one.waiting:
            raise Refused(
                _("%(sum)s is still with it or on its way. It passes that on first.")
                % {"sum": pounds(one.free + one.in_flight)},
                code="still_holds",
            )
    return end_host(host, on=on, actor=actor)


def held_funding(funding: Funding) -> Held:
    """The agreement and what it holds now, held until the transaction ends."""
    lock_head()
    place = Place.objects.get(partnership__hosts__fundings=funding.pk)
    return held(place)[funding.pk]


def standing_funding(funding: Funding) -> Held:
    one = held_funding(funding)
    refuse_closed(one.funding.host.partnership.place)
    if not one.stands:
        raise Refused(
            _("This agreement is not accepted yet, or another took it over."), code="not_standing"
        )
    return one


def refuse_closed(place: Place) -> None:
    if CloseOut.objects.filter(place=place, closed__isnull=False).exists():
        raise Refused(
            _("The funding of %(place)s is closed.") % {"place": place.name}, code="closed"
        )


def speaks_for(body: Organisation, account: int, on: date) -> bool:
    return any(one.account_id == account for one in officers_on(body, on))


def refuse_outsider(body: Organisation, account: int, on: date) -> None:
    if not speaks_for(body, account, on):
        raise Refused(
            _("Only somebody who speaks for %(body)s does this.") % {"body": body.name},
            code="outsider",
        )


def _refuse_role(actor: Actor, kind: str, words: str) -> None:
    if actor.kind != kind:
        raise Refused(words, code="role")


def _fund_of(place: Place) -> Fund:
    """The fund that gave a place its money: its fees come from there, and nothing else does."""
    home = LedgerAccount.objects.filter(code=accounts.available(place.slug)).first()
    fund = Fund.objects.filter(slug=home.fund).first() if home else None
    if fund is None:
        raise Refused(
            _("%(place)s was given nothing yet, so there is nothing to hold.")
            % {"place": place.name},
            code="no_money",
        )
    return fund


def _refuse_schedule(parts: Schedule) -> None:
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Refused(
            _("Say 1 to %(most)s parts, each with its day.") % {"most": MOST_PARTS}, code="parts"
        )
    for pence, _day in parts:
        check_pence(pence)
    days = [day for _pence, day in parts]
    if days != sorted(set(days)):
        raise Refused(_("Give each part a later day than the one before."), code="parts_order")


def _refuse_a_second_heir(former: Funding) -> None:
    """What is still to come is promised anew to one organisation only."""
    if drafted := Funding.objects.filter(takes_over=former, withdrawn=None).first():
        raise Refused(
            _(
                "An agreement that takes this one over was drafted on %(day)s already, for "
                "%(body)s. It is for them to accept it, or for a funder to withdraw it."
            )
            % {
                "day": said_day(drafted.drafted_on),
                "body": drafted.host.organisation.name,
            },
            code="taken_over",
        )


def _refuse_other_total(former: Held | None, total: int) -> None:
    """What is taken over is what was still to come, to the penny: so no total moves twice."""
    if former is None or not former.stands:
        raise Refused(
            _("The agreement to take over is not standing here, or was taken over already."),
            code="not_standing",
        )
    if any(one.part_id for one in former.waiting):
        raise Refused(
            _("A part is on its way to the organisation before. Confirm or decline it first."),
            code="part_waiting",
        )
    left = sum(part.pence for part in former.open_parts)
    if total != left:
        raise Refused(
            _("%(left)s is still to come of the agreement before, so the new parts come to that.")
            % {"left": pounds(left)},
            code="other_total",
        )


def _refuse_over_share(place: Place, standing: dict[int, Held], more: int) -> None:
    """All that organisations were paid and will be is no more than the place was given, drawn or
    not."""
    given = share_of(place)
    promised = sum(
        one.released - one.returned + sum(part.pence for part in one.open_parts)
        for one in standing.values()
        if one.funding.accepted_id is not None
    )
    if promised + more > given:
        raise Refused(
            _("%(place)s was given %(given)s, and %(promised)s of it is agreed already.")
            % {"place": place.name, "given": pounds(given), "promised": pounds(promised)},
            code="over_share",
        )
