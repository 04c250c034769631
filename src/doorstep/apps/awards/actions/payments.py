"""The walk of a payment: asked for, approved, sent to the bank, seen on its statement. The way back
is `taking_back`."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised, rules
from doorstep.apps.awards.actions.common import (
    held_award,
    held_payment,
    moved_to,
    person,
    refuse_state,
    refuse_unless,
)
from doorstep.apps.awards.actions.host_moves import pay_from
from doorstep.apps.awards.models import (
    Agreement,
    Approval,
    Award,
    Declared,
    Instalment,
    Payment,
    PaymentState,
)
from doorstep.apps.awards.queries.payments import (
    asked_pence,
    free_pence,
    is_signed,
    missing_of,
    outside_host,
    payee_of,
    tie_of,
)
from doorstep.apps.fund import accounts
from doorstep.apps.fund.actions import open_beside
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Account as LedgerAccount
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.organisations.queries import mandate_on
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def raise_payment(
    award: Award,
    *,
    invoice: str,
    pence: int,
    instalment: Instalment | None = None,
    on: date,
    actor: Actor,
) -> Payment:
    """Ask for a payment. Asking for the same one twice gives the first one back."""
    account = person(actor)
    award = held_award(award, Award.State.COMMITTED, Award.State.AGREED, Award.State.IN_PROGRESS)
    agreement = _agreement_of(award)
    key = rules.invoice_key(invoice)
    check_pence(pence)
    if actor.kind not in rules.MAY_RAISE:
        raise Refused(
            _("A partnership member, finance officer or community worker asks for payments."),
            code="may_not_raise",
        )
    refuse_unless(rules.may_ask(tie_of(account, award, agreement, on)), "may_not_raise")
    if (same := _same_invoice(agreement, key)) is not None:
        if (same.award_id, same.pence, same.raised_by_id) == (award.pk, pence, account):
            return same
        raise Refused(
            _(
                "Invoice %(invoice)s of this payee was asked for already, as payment %(payment)s. "
                "An invoice is paid once."
            )
            % {"invoice": invoice, "payment": same.slug},
            code="duplicate_invoice",
        )
    _refuse_instalment(instalment, agreement, pence, on)
    if (free := free_pence(award)) < pence:
        raise Refused(
            _(
                "%(sum)s is asked for, but only %(free)s of this award is free: the rest is paid, "
                "on its way or asked for. Ask for less."
            )
            % {"sum": pounds(pence), "free": pounds(free)},
            code="overspend",
        )
    mandate = _mandate_of(agreement, on)
    # One sum in several payments is still that sum: a bill is not split to spare an approver.
    needed = rules.approvals_needed(pence + asked_pence(award), on, award.place.slug)
    words = keep_words(invoice)
    slug = f"{award.slug}-p{award.payments.count() + 1}"
    raised = write_leaf(
        "payment.raised",
        {
            "payment": slug,
            "award": award.slug,
            "organisation": getattr(agreement.payee_organisation, "slug", None),
            "instalment": instalment.number if instalment else None,
            "invoice": words.commitment,
            "pence": pence,
            "approvals_needed": needed,
            "second_approver_from": rules.second_approver_from(on, award.place.slug),
            "raised_on": on.isoformat(),
            "role": actor.kind,
            "actor": actor.as_leaf(),
        },
    )
    payment = Payment.objects.create(
        slug=slug,
        award=award,
        instalment=instalment,
        payee_organisation=agreement.payee_organisation,
        payee_account=agreement.payee_account,
        mandate=mandate,
        invoice=words,
        invoice_key=key,
        pence=pence,
        approvals_needed=needed,
        raised_by_id=account,
        raised_role=actor.kind,
        raised_on=on,
        raised=raised,
    )
    promised.to_decide(payment, on=on, actor=actor, leaf=raised)
    return payment


@transaction.atomic
def decide_payment(payment: Payment, *, declared: str, on: date, actor: Actor) -> Approval:
    """Declare an interest or none, and with none approve. With enough of them it is approved.

    A declared interest is kept as a recusal: it is shown by role, and counts for nothing.
    """
    account = person(actor)
    payment = held_payment(payment)
    rules.refuse_unknown(declared, Declared.values, _("a declaration"))
    earlier = payment.approvals.filter(account=account).first()
    if earlier is not None and earlier.declared == declared:
        return earlier
    refuse_state(payment, PaymentState.RAISED)
    if actor.kind not in rules.MAY_APPROVE:
        raise Refused(
            _("A partnership member, finance officer or funder approves payments."),
            code="may_not_approve",
        )
    tie = tie_of(account, payment.award, _agreement_of(payment.award), on, payment)
    if declared == Declared.NONE or tie.raised_it or tie.spoke_already:
        refuse_unless(rules.may_decide(tie), "may_not_approve")
    leaf = write_leaf(
        "payment.recused" if declared != Declared.NONE else "payment.agreed_to",
        {
            "payment": payment.slug,
            "award": payment.award.slug,
            "role": actor.kind,
            "declared": str(declared),
            "said_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    approval = Approval.objects.create(
        payment=payment, account_id=account, role=actor.kind, declared=declared, day=on, leaf=leaf
    )
    _approve_if_enough(payment, on, actor)
    return approval


@transaction.atomic
def release_payment(payment: Payment, *, on: date, actor: Actor) -> Payment:
    """Send an approved payment on its way. Releasing it twice sends it once."""
    account = person(actor)
    payment = held_payment(payment)
    if payment.state == PaymentState.RELEASED:
        return payment
    refuse_state(payment, PaymentState.APPROVED, PaymentState.RAISED)
    if actor.kind not in rules.MAY_RELEASE:
        raise Refused(_("A finance officer releases payments."), code="may_not_release")
    award = payment.award
    refuse_unless(rules.may_ask(tie_of(account, award, award.agreement, on)), "may_not_release")
    if missing := missing_of(payment, on):
        raise Refused(
            _("This payment cannot go yet. %(missing)s")
            % {"missing": " ".join(one.what for one in missing)},
            code="payment_not_ready",
        )
    refuse_state(payment, PaymentState.APPROVED)
    paid_from = pay_from(payment, on)
    place = award.place.slug
    source = accounts.committed(place, award.slug)
    on_its_way = accounts.in_transit(place, payment.slug)
    open_beside(source, on_its_way)
    entry = post(
        "payment.released",
        [Line(source, on_its_way, payment.pence)],
        idem_key=f"payment:{payment.slug}:released",
        actor=actor,
        effective_on=on,
    )
    payment.released = sent = write_leaf(
        "payment.released",
        {
            "payment": payment.slug,
            "award": award.slug,
            "pence": payment.pence,
            "entry": entry.seq,
            "released_on": on.isoformat(),
            **({"host": paid_from.funding.host.organisation.slug} if paid_from else {}),
            "actor": actor.as_leaf(),
        },
    )
    payment.released_on, payment.release_entry = on, entry
    payment = moved_to(payment, PaymentState.RELEASED)
    promised.released(payment, on=on, actor=actor, leaf=sent)
    if award.state != Award.State.IN_PROGRESS:
        award.state = Award.State.IN_PROGRESS
        award.save(update_fields=["state"])
    return payment


@transaction.atomic
def clear_payment(
    payment: Payment, *, bank_line: int, on: date | None = None, actor: Actor
) -> Payment:
    """A line of the bank's statement shows that it was paid. `bank_line` is that line's number;
    `on` the day on the statement (today where it is not given)."""
    payment = held_payment(payment)
    if payment.state == PaymentState.CLEARED and payment.bank_line == bank_line:
        return payment
    refuse_state(payment, PaymentState.RELEASED)
    if Payment.objects.filter(bank_line=bank_line).exists():
        raise Refused(
            _("That line of the statement belongs to another payment already."),
            code="bank_line_used",
        )
    place, award = payment.award.place.slug, payment.award.slug
    source = accounts.in_transit(place, payment.slug)
    fund = LedgerAccount.objects.get(code=source).fund
    outside = accounts.paid_world(fund, place, award)
    if not LedgerAccount.objects.filter(code=outside).exists():
        open_account(outside, fund=fund, guard="none")
    # Numbered, because a wrong line may be taken back and this or another one confirmed after it.
    cleared = f"payment:{payment.slug}:cleared"
    before = Journal.objects.filter(idem_key__startswith=f"{cleared}:").count()
    payment.clear_entry = post(
        "payment.cleared",
        [Line(source, outside, payment.pence)],
        idem_key=f"{cleared}:{bank_line}:{before + 1}",
        actor=actor,
        effective_on=on or timezone.localdate(),
    )
    payment.cleared = leaf = write_leaf(
        "payment.cleared",
        {
            "payment": payment.slug,
            "award": award,
            "pence": payment.pence,
            "entry": payment.clear_entry.seq,
            "bank_line": bank_line,
            "actor": actor.as_leaf(),
        },
    )
    payment.bank_line = bank_line
    payment = moved_to(payment, PaymentState.CLEARED)
    promised.follow(payment.award, on=timezone.localdate(), actor=actor, leaf=leaf)
    return payment


def _agreement_of(award: Award) -> Agreement:
    agreement = (
        Agreement.objects.filter(award=award)
        .select_related("award__place", "payee_organisation", "payee_account")
        .first()
    )
    if agreement is None or not is_signed(agreement):
        raise Refused(
            _("Nothing is paid before the agreement is signed. Draft it, and let both sides sign."),
            code="not_signed",
        )
    return agreement


def _same_invoice(agreement: Agreement, key: str) -> Payment | None:
    same = Payment.objects.filter(
        payee_organisation=agreement.payee_organisation,
        payee_account=agreement.payee_account,
        invoice_key=key,
    )
    return same.exclude(state=PaymentState.CANCELLED).first()


def _refuse_instalment(
    instalment: Instalment | None, agreement: Agreement, pence: int, on: date
) -> None:
    if instalment is None:
        if agreement.instalments.exists():
            raise Refused(
                _("This award is paid in the parts of its agreement. Ask for one of those parts."),
                code="instalment_missing",
            )
        return
    if instalment.agreement_id != agreement.pk or instalment.pence != pence:
        raise Refused(_("An instalment is paid whole, on its own award."), code="instalment_other")
    if on < instalment.due_on:
        raise Refused(
            _("This instalment is due on %(day)s. Ask for it from that day.")
            % {"day": said_day(instalment.due_on)},
            code="instalment_early",
        )
    taken = instalment.payments.exclude(state=PaymentState.CANCELLED).first()
    if taken is not None:
        raise Refused(
            _("This instalment was asked for already, as payment %(payment)s.")
            % {"payment": taken.slug},
            code="instalment_twice",
        )


def _mandate_of(agreement: Agreement, on: date) -> BankMandate:
    mandate = mandate_on(payee_of(agreement), on)
    if mandate is None:
        raise Refused(
            _("No bank details are on record for this payee. Take them down first."),
            code="no_bank_details",
        )
    return mandate


def _approve_if_enough(payment: Payment, on: date, actor: Actor) -> None:
    given = [a for a in payment.approvals.order_by("pk") if not a.is_recusal]
    outside = outside_host([a.account_id for a in given], payment.award.place_id, on)
    if len(given) < payment.approvals_needed or (payment.approvals_needed > 1 and not outside):
        return
    payment.approved = approved = write_leaf(
        "payment.approved",
        {
            "payment": payment.slug,
            "award": payment.award.slug,
            "pence": payment.pence,
            "raised_as": payment.raised_role,
            "approved_as": [approval.role for approval in given],
            "actor": actor.as_leaf(),
        },
    )
    moved_to(payment, PaymentState.APPROVED)
    promised.to_release(payment, on=on, actor=actor, leaf=approved)
