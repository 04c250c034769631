"""New bank details wait, and somebody calls back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions.common import person, refuse_unless
from doorstep.apps.awards.models import Confirmation, HeldFrom, MandateCheck, MandateHold
from doorstep.apps.awards.queries.payments import no_interest
from doorstep.apps.organisations.actions import confirm_change, give_mandate
from doorstep.apps.organisations.models import BankMandate, MandateChange, Organisation
from doorstep.apps.organisations.queries import officers_on
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def give_details(
    payee: Organisation | Account,
    *,
    account_name: str,
    sort_code: str,
    account_number: str,
    on: date,
    actor: Actor,
) -> MandateHold:
    """Take down a payee's bank details. They wait, however urgent the payment is said to be."""
    lock_head()
    mandate = give_mandate(
        payee,
        account_name=account_name,
        sort_code=sort_code,
        account_number=account_number,
        since=on,
        actor=actor,
    )
    return _held(mandate, on, actor)


@transaction.atomic
def confirm_details(change: MandateChange, *, on: date, actor: Actor) -> MandateHold:
    """A second officer of a group confirms what the first asked for on its passport. The details
    wait like any others, and somebody calls back before a penny goes there."""
    lock_head()
    return _held(confirm_change(change, on=on, actor=actor), on, actor)


def _held(mandate: BankMandate, on: date, actor: Actor) -> MandateHold:
    clear_from = rules.hold_until(on).due
    leaf = write_leaf(
        "payee.details_given",
        {
            "mandate": mandate.pk,
            "organisation": mandate.organisation.slug if mandate.organisation else None,
            "entered_on": on.isoformat(),
            "clear_from": clear_from.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return MandateHold.objects.create(
        mandate=mandate,
        entered_by_id=person(actor),
        entered_on=on,
        clear_from=clear_from,
        leaf=leaf,
    )


@transaction.atomic
def record_call_back(
    mandate: BankMandate,
    *,
    held_from: str,
    confirmation: str,
    confirmed: bool,
    on: date,
    actor: Actor,
) -> MandateCheck:
    """Write down that somebody else called back, on a number held before, and what was said.

    The same said twice of one day is one call.
    """
    lock_head()
    account = person(actor)
    if held_from not in HeldFrom.values:
        raise Refused(
            _(
                "Call a number that you held before, never one that came with the new details: "
                "%(known)s."
            )
            % {"known": "; ".join(str(label) for label in HeldFrom.labels)},
            code="number_of_the_request",
        )
    rules.refuse_unknown(confirmation, Confirmation.values, _("an answer of the bank"))
    hold = MandateHold.objects.filter(mandate=mandate).first()
    if hold is None:
        raise Refused(
            _("Nobody wrote down when these bank details came. Take them down again."),
            code="no_hold",
        )
    if hold.entered_by_id == account:
        raise Refused(
            _("You typed these bank details in, so somebody else calls back."),
            code="called_by_the_same",
        )
    if account == mandate.account_id:
        raise Refused(
            _("These are your own bank details, so somebody else calls back."),
            code="called_by_the_payee",
        )
    organisation = mandate.organisation
    if organisation is not None:
        if any(office.account_id == account for office in officers_on(organisation, on)):
            raise Refused(
                _(
                    "You speak for the organisation that would be paid, so somebody else calls "
                    "back."
                ),
                code="called_by_the_payee",
            )
        refuse_unless(no_interest(account, organisation, on), "called_with_interest")
    if on < hold.entered_on:
        raise Refused(
            _("These details came on %(day)s. The call is on that day or later.")
            % {"day": said_day(hold.entered_on)},
            code="called_before",
        )
    if confirmed and confirmation == Confirmation.NO_MATCH:
        raise Refused(
            _(
                "The bank says that the name does not match, so this account is not confirmed. "
                "Ask the payee in person, and take the details down again."
            ),
            code="name_does_not_match",
        )
    told = {
        "mandate": mandate, "called_by_id": account, "called_on": on, "held_from": held_from,
        "confirmation": confirmation, "confirmed": confirmed,
    }  # fmt: skip
    newest = MandateCheck.objects.filter(mandate=mandate).order_by("-pk").first()
    if newest and all(getattr(newest, name) == value for name, value in told.items()):
        return newest
    leaf = write_leaf(
        "payee.called_back",
        {
            "mandate": mandate.pk,
            "held_from": str(held_from),
            "confirmation": str(confirmation),
            "confirmed": confirmed,
            "called_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return MandateCheck.objects.create(leaf=leaf, **told)
