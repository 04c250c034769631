"""Payment files: which payments go to the bank together, and what the file says, once asked for."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards import bankfile, rules
from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.models import Payment, PaymentFile, PaymentFileLine, PaymentState
from doorstep.apps.awards.queries.payments import held_out, may_go_out
from doorstep.apps.organisations.actions import read_bank_number
from doorstep.apps.places.models import Place
from doorstep.apps.promises.queries import added_holidays
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import working_days_after


@transaction.atomic
def make_payment_file(place: Place, *, on: date, actor: Actor) -> PaymentFile:
    """Put every released payment of a place that is in no file yet into one. No number is read."""
    account = person(actor)
    lock_head()
    if actor.kind not in rules.MAY_RELEASE:
        raise Refused(_("A finance officer makes payment files."), code="may_not_release")
    released = Payment.objects.filter(
        award__place=place, state=PaymentState.RELEASED, file_line__isnull=True
    )
    rows = released.select_related("mandate", "award").order_by("pk")
    waiting = [payment for payment in rows if may_go_out(payment, on)]
    if rows and not waiting:
        raise Refused(
            _(
                "The bank details of these payments were replaced or are in doubt: %(payments)s. "
                "Take them back, and ask for them again."
            )
            % {"payments": ", ".join(payment.slug for payment in rows)},
            code="no_payments",
        )
    if not waiting:
        raise Refused(
            _("Every released payment is in a file already. Release one first."), code="no_payments"
        )
    total = sum(payment.pence for payment in waiting)
    leaf = write_leaf(
        "payment.file_made",
        {
            "place": place.slug,
            "payments": [payment.slug for payment in waiting],
            "pence": total,
            "made_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    made = PaymentFile.objects.create(
        place=place, made_on=on, made_by_id=account, pence=total, leaf=leaf
    )
    PaymentFileLine.objects.bulk_create(
        PaymentFileLine(file=made, payment=payment) for payment in waiting
    )
    return made


@transaction.atomic
def write_payment_file(file: PaymentFile, *, on: date, actor: Actor) -> str:
    """The file with its bank numbers, for the one answer that carries it. Each reading is logged.

    A payment that was cancelled since is left out, so it is never sent by an old file; so is one
    that somebody stops, or whose bank account was replaced or is in doubt.
    """
    person(actor)
    lock_head()
    if actor.kind not in rules.MAY_RELEASE:
        raise Refused(_("A finance officer takes payment files."), code="may_not_release")
    pay_on = working_days_after(on, 1, added=added_holidays()).due
    left_out = held_out(file, on)
    payments = (
        Payment.objects.filter(file_line__file=file, state=PaymentState.RELEASED)
        .exclude(pk__in=[payment.pk for payment in left_out])
        .select_related("mandate")
    )
    lines = []
    for payment in payments.order_by("pk"):
        number = read_bank_number(payment.mandate, actor=actor)
        lines.append(
            bankfile.BankLine(
                reference=bankfile.reference_of(payment.pk),
                name=payment.mandate.account_name,
                account_number=number.account_number,
                sort_code=number.sort_code,
                pay_on=pay_on,
                pence=payment.pence,
            )
        )
    if not lines:
        raise Refused(_("Nothing in this file waits to be paid any more."), code="no_payments")
    write_leaf(
        "payment.file_taken",
        {
            "file": file.pk,
            "payments": len(lines),
            "pence": sum(line.pence for line in lines),
            "left_out": [payment.slug for payment in left_out],
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    return bankfile.written(lines)
