"""Reads about organisations that pages and commands share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from doorstep.apps.organisations import rules
from doorstep.apps.organisations.models import (
    BankMandate,
    ChangeState,
    Document,
    Identifier,
    MandateChange,
    Officer,
    Opening,
    Organisation,
    Share,
    Signatory,
    Sponsorship,
    Tie,
    TiesSaid,
)
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import holding
from doorstep.engine.rulebook import rule

# Who at a place reads a passport that was shared with it: whoever decides about the money or
# pays it, and the worker beside them.
READING_ROLES = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.FINANCE_OFFICER, Role.Kind.WORKER)


def all_organisations() -> list[Organisation]:
    """Every organisation by name, each with its register numbers; two statements."""
    return list(Organisation.objects.prefetch_related("identifiers").order_by("name", "slug"))


def mandate_on(payee: Organisation | Account, on: date) -> BankMandate | None:
    """Where a payee's money was paid on a day; None when it had named no account."""
    whose = {"organisation" if isinstance(payee, Organisation) else "account": payee}
    return BankMandate.objects.filter(holding(on), **whose).first()


def officers_on(organisation: Organisation, on: date) -> list[Officer]:
    """Who spoke for it on a day, each with the account and the day on which they last said whom
    they are tied to (`said_ties_on`); one statement."""
    held = Officer.objects.filter(holding(on), organisation=organisation)
    said = TiesSaid.objects.filter(
        organisation=organisation, account=OuterRef("account"), on__lte=on
    )
    last = said.order_by("-on").values("on")[:1]
    return list(held.select_related("account").annotate(said_ties_on=Subquery(last)))


def spoken_for(account: Account, on: date) -> list[Organisation]:
    """The organisations that an account speaks for on a day, by name; one statement."""
    return list(bodies_of(account, on).order_by("name", "slug"))


def bodies_of(account: Account, on: date) -> QuerySet[Organisation]:
    """The same, to look for in another question."""
    held = Officer.objects.filter(holding(on), account=account)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def signers_on(organisation: Organisation, on: date) -> list[Signatory]:
    """Who may sign for its bank account on a day."""
    return list(Signatory.objects.filter(holding(on), organisation=organisation))


def said_ties(organisation: Organisation, account: Account, on: date) -> dict[int, str]:
    """{officer: what an account said of them}; "none" once it said so, nothing before."""
    said = (
        TiesSaid.objects.filter(organisation=organisation, account=account, on__lte=on)
        .order_by("-on", "-pk")
        .first()
    )
    if said is None:
        return {}
    answers = {
        one.account_id: "none" for one in officers_on(organisation, on) if one.since <= said.on
    }
    held = Tie.objects.filter(holding(on), account=account, other__in=answers)
    return answers | {tie.other_id: str(tie.kind) for tie in held}


def ties_between(accounts: Iterable[int], on: date) -> list[rules.Tied]:
    """Every tie of a day between two of these accounts, whoever of them said so."""
    held = Tie.objects.filter(holding(on), account__in=accounts, other__in=accounts)
    return [
        rules.Tied(tie.account_id, tie.other_id, tie.kind == Tie.Kind.HOUSEHOLD) for tie in held
    ]


def two_unrelated(organisation: Organisation, on: date) -> Answer:
    """Whether two people without ties spoke for it on a day; two statements."""
    return unrelated(officers_on(organisation, on), on)


def unrelated(officers: Sequence[Officer], on: date) -> Answer:
    """The same, of officers whom `officers_on` found; one statement."""
    since: dict[int, date] = {}
    for one in officers:
        since[one.account_id] = min(one.since, since.get(one.account_id, one.since))
    said = {one.account_id: one.said_ties_on for one in officers}  # type: ignore[attr-defined]
    speakers = [rules.Speaker(account, day, said[account]) for account, day in since.items()]
    return rules.two_unrelated(speakers, ties_between(since, on))


def _papers_of(bodies: Sequence[Organisation], on: date) -> dict[int, list[rules.Paper]]:
    """{body: how its paper of each kind stands on a day}; one statement."""
    found: dict[int, list[Document]] = {body.pk: [] for body in bodies}
    given = Document.objects.filter(organisation__in=found, given_on__lte=on)
    for document in given.select_related("file"):
        found[document.organisation_id].append(document)
    days = int(rule("passport.expiry_warned_before", on).value)
    return {
        pk: [
            rules.standing(documents, kind, on, warned_before=days) for kind in Document.Kind.values
        ]
        for pk, documents in found.items()
    }


def _mandates_of(bodies: Sequence[Organisation], on: date) -> dict[int, BankMandate]:
    """{body: where its money was paid on a day}; one statement."""
    held = BankMandate.objects.filter(holding(on), organisation__in=bodies).order_by("-pk")
    return {one.organisation_id: one for one in held if one.organisation_id is not None}


def sponsor_of(group: Organisation, on: date) -> Organisation | None:
    """Who stands for a group on a day, once they said yes."""
    held = Sponsorship.objects.filter(group=group, since__lte=on)
    found = held.filter(Q(until=None) | Q(until__gt=on)).select_related("sponsor").first()
    return found.sponsor if found else None


def sponsorships_of(body: Organisation) -> QuerySet[Sponsorship]:
    """Open sponsorships and open questions in which a body is the group or the sponsor."""
    return Sponsorship.objects.filter(Q(group=body) | Q(sponsor=body), until=None)


@dataclass(frozen=True)
class Passport:
    """A group as it stands on a day. `papers` are its own; `lent` are those of its sponsor, for
    what the group has none of."""

    organisation: Organisation
    on: date
    officers: list[Officer]
    identifiers: list[Identifier]
    papers: list[rules.Paper]
    unrelated: Answer
    mandate: BankMandate | None
    signers: list[Signatory]
    sponsor: Organisation | None = None
    lent: list[rules.Paper] = field(default_factory=list)
    lent_mandate: BankMandate | None = None

    @property
    def numbers_missing(self) -> bool:
        """Whether a body of this kind stands on a register, and no number says where."""
        registers = rules.registers_of(self.organisation.kind)
        return bool(registers) and not any(one.scheme in registers for one in self.identifiers)

    @property
    def expired(self) -> list[rules.Paper]:
        return [one for one in self.papers if one.standing == rules.Standing.EXPIRED]

    @property
    def soon(self) -> list[rules.Paper]:
        return [one for one in self.papers if one.standing == rules.Standing.SOON]

    def paper(self, kind: str) -> rules.Paper:
        """The group's own paper of a kind, or its sponsor's where it has none that counts."""
        own = next(one for one in self.papers if one.kind == kind)
        lent = next((one for one in self.lent if one.kind == kind), None)
        return lent if lent is not None and lent.counts and not own.counts else own

    def two_sign(self) -> bool:
        """Whether every payment from its account takes two people, as it said itself."""
        mandate = self.mandate or self.lent_mandate
        return mandate is not None and (mandate.signatures or 0) >= 2


def passport(organisation: Organisation, on: date) -> Passport:
    """Everything of a passport but its files; seven statements."""
    officers = officers_on(organisation, on)
    sponsor = sponsor_of(organisation, on)
    bodies = [organisation, sponsor] if sponsor else [organisation]
    papers, mandates = _papers_of(bodies, on), _mandates_of(bodies, on)
    return Passport(
        organisation,
        on,
        officers,
        list(organisation.identifiers.all()),
        papers[organisation.pk],
        unrelated(officers, on),
        mandates.get(organisation.pk),
        signers_on(organisation, on),
        sponsor,
        papers[sponsor.pk] if sponsor else [],
        mandates.get(sponsor.pk) if sponsor else None,
    )


def held(organisation: Organisation, on: date) -> dict[str, bool]:
    """{what an application may ask: whether the passport answers it already}, by the keys of
    `engine/proportion`. What stands here as True is never asked for again."""
    one = passport(organisation, on)
    account = one.mandate is not None or one.lent_mandate is not None
    leads = any(officer.title == Officer.Title.SAFEGUARDING_LEAD for officer in one.officers)
    return {
        "two_unrelated_people": one.unrelated.yes,
        "account_in_groups_name": account,
        "treasurer_or_host": one.sponsor is not None
        or any(officer.title == Officer.Title.TREASURER for officer in one.officers),
        "governing_document": one.paper(Document.Kind.CONSTITUTION).counts,
        "dual_authorisation": one.two_sign(),
        "accounts_or_bank_letter": one.paper(Document.Kind.ACCOUNTS).counts
        or one.paper(Document.Kind.BANK_LETTER).counts,
        "insurance": one.paper(Document.Kind.INSURANCE).counts,
        "safeguarding_policy": one.paper(Document.Kind.SAFEGUARDING).counts,
        "safeguarding_lead": leads,
        "pay_through_host": one.sponsor is not None,
        "host_or_stages": one.sponsor is not None,
    }


def stopped(
    organisation: Organisation, step: str, on: date, *, with_people_at_risk: bool
) -> Answer:
    """Whether an expired safeguarding policy stops a step of a group, as the rule of the day
    says; a sponsor's policy that counts stands in for the group's."""
    found = passport(organisation, on).paper(Document.Kind.SAFEGUARDING)
    said = str(rule("passport.expired_safeguarding_stops", on).value)
    return rules.stops(found, step, rule_stops=said, with_people_at_risk=with_people_at_risk)


def waiting_change(organisation: Organisation, on: date) -> MandateChange | None:
    """The change of bank details that a second person may still confirm."""
    return MandateChange.objects.filter(
        organisation=organisation, state=ChangeState.WAITING, last_day__gte=on
    ).first()


def shares_read_by(account: Account, on: date) -> QuerySet[Share]:
    """Passports that an account may read on a day: as somebody who speaks for the body they are
    shared with, or by a role at the place."""
    by_body = Q(reader__in=bodies_of(account, on))
    roles = Role.objects.filter(holding(on), account=account, kind__in=READING_ROLES)
    places = [role.place_id for role in roles]
    by_place = Q(place__isnull=False) if None in places else Q(place__in=places)
    return (
        Share.objects.filter(by_body | by_place, ended_on=None)
        .filter(shared_on__lte=on, last_day__gte=on)
        .select_related("organisation", "reader", "place")
        .order_by("organisation__name", "pk")
    )


def openings_of(organisation: Organisation) -> QuerySet[Opening]:
    """Who opened a passport, the last first; of whoever it was, body and role."""
    mine = Opening.objects.filter(share__organisation=organisation)
    return mine.select_related("share__reader", "share__place", "document", "leaf")
