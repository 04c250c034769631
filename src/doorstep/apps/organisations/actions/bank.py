"""Where a group's money goes: named, changed by two people, ended, opened to pay into."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations import rules, strongbox
from doorstep.apps.organisations.actions.bodies import end_spell, refuse_stranger
from doorstep.apps.organisations.models import (
    BankMandate,
    ChangeState,
    MandateChange,
    Officer,
    Organisation,
    Signatory,
)
from doorstep.apps.organisations.queries import officers_on, ties_between
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import holding, overlaps, said_day
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

MOST_SIGNATURES = 5


@transaction.atomic
def give_mandate(
    payee: Organisation | Account,
    *,
    account_name: str,
    sort_code: str,
    account_number: str,
    since: date,
    actor: Actor,
) -> BankMandate:
    """Say where money for a payee is paid from a day on; the one before it ends then.

    The number is sealed before it reaches the database, and the leaf holds no part of it.
    """
    refuse_blank({_("name on the account"): account_name}, {_("name on the account"): 140})
    code, number = rules.written_bank_number(sort_code, account_number)
    return _begin(payee, account_name, f"{code}{number}", since=since, actor=actor)


def _begin(
    payee: Organisation | Account,
    account_name: str,
    number: str,
    *,
    since: date,
    actor: Actor,
    signatures: int | None = None,
) -> BankMandate:
    lock_head(Log.AUDIT)
    whose = {"organisation" if isinstance(payee, Organisation) else "account": payee}
    for before in BankMandate.objects.filter(**whose):
        if before.until is None and before.since < since:
            before.until = since
            before.save(update_fields=["until"])
        elif overlaps([before], since, None):
            raise Refused(
                _(
                    "A bank account is on record for that day or later already. "
                    "Begin the new one after it."
                ),
                code="mandate_overlaps",
            )
    mandate = BankMandate.objects.create(
        **whose,
        account_name=account_name,
        sealed_number=strongbox.seal(number),
        last_three=number[-3:],
        signatures=signatures,
        since=since,
    )
    write_leaf(
        "organisation.mandate_given",
        {
            **(
                {"organisation": payee.slug}
                if isinstance(payee, Organisation)
                else {"account": payee.pk}
            ),
            "mandate": mandate.pk,
            "since": since.isoformat(),
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    return mandate


@transaction.atomic
def end_mandate(mandate: BankMandate, *, on: date, actor: Actor) -> BankMandate:
    """Stop paying into an account; `on` is the first day on which it is no longer used."""
    lock_head(Log.AUDIT)
    mandate = BankMandate.objects.get(pk=mandate.pk)
    end_spell(mandate, on)
    write_leaf(
        "organisation.mandate_ended",
        {"mandate": mandate.pk, "until": on.isoformat(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return mandate


@dataclass(frozen=True)
class BankNumber:
    """A number that was opened. It prints as its last three figures, so no log can spill it."""

    sort_code: str
    account_number: str

    def __repr__(self) -> str:
        return f"<account ending {self.account_number[-3:]}>"


@transaction.atomic
def read_bank_number(mandate: BankMandate, *, actor: Actor) -> BankNumber:
    """Open a sealed number to pay into it. That it was read, and by whom, is recorded."""
    opened = _opened(mandate.sealed_number)
    write_leaf(
        "organisation.mandate_read",
        {"mandate": mandate.pk, "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return BankNumber(opened[:6], opened[6:])


def _opened(sealed: str) -> str:
    try:
        return strongbox.open_sealed(sealed)
    except strongbox.SealError:
        raise Refused(
            _(
                "This bank number cannot be read: the install's secret key has changed since it "
                "was given. Ask the organisation for it again."
            ),
            code="mandate_sealed",
        ) from None


@transaction.atomic
def ask_change(
    organisation: Organisation,
    *,
    account_name: str,
    sort_code: str,
    account_number: str,
    signatures: int,
    on: date,
    actor: Actor,
) -> MandateChange:
    """One officer asks for other bank details. They wait, sealed, for a second officer."""
    refuse_blank({_("name on the account"): account_name}, {_("name on the account"): 140})
    code, number = rules.written_bank_number(sort_code, account_number)
    lock_head(Log.AUDIT)
    signers = _signing(organisation, on)
    if not 1 <= signatures <= MOST_SIGNATURES or (signers and signatures > len(signers)):
        raise Refused(
            _("Say how many sign together: from 1 to %(most)s, and not more than may sign.")
            % {"most": min(MOST_SIGNATURES, len(signers) or MOST_SIGNATURES)},
            code="signatures",
        )
    _refuse_newcomer(organisation, actor, on)
    lapse_changes(organisation, on)
    if MandateChange.objects.filter(organisation=organisation, state=ChangeState.WAITING).exists():
        raise Refused(
            _("A change waits for a second person already. Confirm or refuse that one first."),
            code="change_waits",
        )
    days = int(rule("passport.change_confirmed_within", on).value)
    change = MandateChange.objects.create(
        organisation=organisation,
        account_name=account_name,
        sealed_number=strongbox.seal(f"{code}{number}"),
        last_three=number[-3:],
        signatures=signatures,
        asked_by_id=actor.id,
        asked_on=on,
        last_day=on + timedelta(days=days),
    )
    _told("change_asked", change, actor, until=change.last_day)
    return change


@transaction.atomic
def confirm_change(change: MandateChange, *, on: date, actor: Actor) -> BankMandate:
    """A second officer, who is not tied to the first, says that the details are right. The
    mandate begins; whoever pays still waits and calls back (`awards.actions.payees`)."""
    lock_head(Log.AUDIT)
    change = _waiting(change, on)
    if actor.id == change.asked_by_id:
        raise Refused(
            _("You asked for this change, so somebody else confirms it."), code="change_by_one"
        )
    _refuse_newcomer(change.organisation, actor, on)
    if ties_between([change.asked_by_id, int(actor.id)], on):
        raise Refused(
            _(
                "You are tied to whoever asked for this change: you live together, are related or "
                "do business together. Somebody else confirms it."
            ),
            code="change_by_tied",
        )
    mandate = _begin(
        change.organisation,
        change.account_name,
        _opened(change.sealed_number),
        since=on,
        actor=actor,
        signatures=change.signatures,
    )
    _decide(change, ChangeState.CONFIRMED, on, by=int(actor.id), mandate=mandate)
    _told("change_confirmed", change, actor)
    return mandate


@transaction.atomic
def refuse_change(change: MandateChange, *, on: date, actor: Actor) -> MandateChange:
    """Any officer, whoever asked among them, stops a change. The number is forgotten."""
    lock_head(Log.AUDIT)
    change = _waiting(change, on)
    refuse_stranger(change.organisation, actor, on)
    _decide(change, ChangeState.REFUSED, on, by=int(actor.id))
    _told("change_refused", change, actor)
    return change


@transaction.atomic
def lapse_changes(organisation: Organisation | None, on: date) -> int:
    """Changes that nobody confirmed by their last day fall away; how many. None: everywhere."""
    lock_head(Log.AUDIT)
    late = MandateChange.objects.filter(state=ChangeState.WAITING, last_day__lt=on)
    if organisation is not None:
        late = late.filter(organisation=organisation)
    found = list(late.select_related("organisation"))
    for change in found:
        _decide(change, ChangeState.LAPSED, on)
        _told("change_lapsed", change, Actor("system", "passport"))
    return len(found)


@transaction.atomic
def begin_signing(
    organisation: Organisation, officer: Account, *, since: date, actor: Actor
) -> Signatory:
    """An officer may sign for the bank account from a day on."""
    lock_head(Log.AUDIT)
    refuse_stranger(organisation, actor, since)
    if not any(one.account_id == officer.pk for one in officers_on(organisation, since)):
        raise Refused(
            _("Only somebody who speaks for the group signs for it. Name them first."),
            code="signs_without_office",
        )
    mine = Signatory.objects.filter(organisation=organisation, account=officer)
    if overlaps(mine, since, None):
        raise Refused(_("They may sign already."), code="signs_already")
    signs = Signatory.objects.create(organisation=organisation, account=officer, since=since)
    _signing_told("signing_began", signs, since, actor)
    return signs


@transaction.atomic
def end_signing(signs: Signatory, *, on: date, actor: Actor) -> Signatory:
    lock_head(Log.AUDIT)
    signs = Signatory.objects.select_related("organisation").get(pk=signs.pk)
    refuse_stranger(signs.organisation, actor, on)
    end_spell(signs, on)
    _signing_told("signing_ended", signs, on, actor)
    return signs


def _signing(organisation: Organisation, on: date) -> list[Signatory]:
    return list(Signatory.objects.filter(holding(on), organisation=organisation))


def _signing_told(event: str, signs: Signatory, on: date, actor: Actor) -> None:
    write_leaf(
        f"passport.{event}",
        {
            "organisation": signs.organisation.slug,
            "account": signs.account_id,
            "on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )


def _refuse_newcomer(organisation: Organisation, actor: Actor, on: date) -> None:
    """Whoever changes an account that is in use has spoken for the group for a while: nobody names
    an accomplice today and lets them confirm tomorrow."""
    account = refuse_stranger(organisation, actor, on)
    if not BankMandate.objects.filter(organisation=organisation).exists():
        return
    days = int(rule("passport.confirmer_speaks_for", on).value)
    offices = Officer.objects.filter(holding(on), organisation=organisation, account_id=account)
    from_day = min(one.since for one in offices) + timedelta(days=days)
    if on < from_day:
        raise Refused(
            _(
                "You have not spoken for %(name)s for %(days)s days yet. From %(day)s on you may "
                "have a part in changing its bank account; until then others do."
            )
            % {"name": organisation.name, "days": days, "day": said_day(from_day)},
            code="newcomer",
        )


def _waiting(change: MandateChange, on: date) -> MandateChange:
    change = MandateChange.objects.select_related("organisation").get(pk=change.pk)
    if change.state != ChangeState.WAITING:
        raise Refused(_("This change is decided already."), code="change_decided")
    if change.last_day < on:
        raise Refused(
            _("Nobody confirmed this change by %(day)s, so it fell away. Ask for it anew.")
            % {"day": said_day(change.last_day)},
            code="change_lapsed",
        )
    return change


def _decide(
    change: MandateChange,
    state: ChangeState,
    on: date,
    *,
    by: int | None = None,
    mandate: BankMandate | None = None,
) -> None:
    """The sealed number leaves this row: it stands with the mandate, or nowhere."""
    change.state, change.decided_on, change.decided_by_id = state, on, by
    change.mandate, change.sealed_number = mandate, ""
    change.save()


def _told(event: str, change: MandateChange, actor: Actor, until: date | None = None) -> None:
    write_leaf(
        f"passport.{event}",
        {
            "organisation": change.organisation.slug,
            "change": change.pk,
            **({"until": until.isoformat()} if until else {}),
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
