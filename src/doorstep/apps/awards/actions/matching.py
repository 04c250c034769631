"""A line of the bank meets its payment: confirmed by another person than the one who sent it, and
taken back by a reversal that stands beside it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised
from doorstep.apps.awards.actions.common import held_payment, person
from doorstep.apps.awards.actions.payments import clear_payment
from doorstep.apps.awards.models import Award, Payment, PaymentState
from doorstep.apps.awards.queries.matching import released_by
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.actions import Line, account_for, post, reverse, undo_match
from doorstep.apps.ledger.models import Account as LedgerAccount
from doorstep.apps.ledger.models import Accounted, BankLine, Journal, Match
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

CAME_BACK = "payment.came_back"


@transaction.atomic
def confirm_payment(line: BankLine, payment: Payment, *, actor: Actor) -> Match:
    """This line of the bank is this payment. Confirmed twice it is the first match; a line or a
    payment that has another is Refused."""
    account = person(actor)
    payment = held_payment(payment)
    _refuse_other_place(line, payment)
    if released_by(payment) == account:
        raise Refused(
            _("You sent this payment, so somebody else confirms that the bank paid it."),
            code="match_own_release",
        )
    if payment.released_on is not None and line.booked_on < payment.released_on:
        raise Refused(
            _("The bank booked this line on %(line)s, before the payment was sent on %(sent)s.")
            % {"line": said_day(line.booked_on), "sent": said_day(payment.released_on)},
            code="match_too_early",
        )
    if -line.pence != payment.pence:
        raise Refused(
            _("The bank moved %(bank)s, and the payment is of %(payment)s. Only the same sum fits.")
            % {"bank": pounds(-line.pence), "payment": pounds(payment.pence)},
            code="match_sum",
        )
    standing = Match.objects.filter(bank_line=line, undone=None).first()
    if standing is not None and standing.journal_id != payment.clear_entry_id:
        raise Refused(
            _("This line of the bank is accounted for already. Undo that first, if it is wrong."),
            code="line-matched",
        )
    payment = clear_payment(payment, bank_line=line.pk, on=line.booked_on, actor=actor)
    return account_for(
        line,
        kind=Accounted.PAYMENT,
        journal=payment.clear_entry,
        by=Account.objects.get(pk=account),
        actor=actor,
    )


@transaction.atomic
def take_back_match(match: Match, *, reason: str, actor: Actor) -> Match:
    """The match was wrong. What it moved is reversed beside the original: the payment is on its
    way again, and the line waits for whatever it really is."""
    person(actor)
    lock_head()
    match = Match.objects.select_related("journal").get(pk=match.pk)
    if match.undone_id is not None:
        return match
    if match.journal is not None and match.journal.kind == CAME_BACK:
        # Money that did not come back after all is the payee's again, not the place's.
        done = undo_match(match, reason=reason, actor=actor)
        reverse(match.journal, idem_key=f"match:{match.pk}:undone", actor=actor, reason=reason)
        return done
    payment = Payment.objects.filter(clear_entry=match.journal_id).first()
    if match.journal is None or payment is None:
        return undo_match(match, reason=reason, actor=actor)
    payment = held_payment(payment)
    if payment.award.state == Award.State.CLOSED:
        raise Refused(
            _("This award is finished, and what it did not need went back. Its match stays."),
            code="match_award_closed",
        )
    if _came_back_of(payment).filter(reversal=None).exists():
        raise Refused(
            _(
                "The money of this payment came back, so it was paid. If it did not come back, "
                "undo that line first."
            ),
            code="match_came_back",
        )
    done = undo_match(match, reason=reason, actor=actor)
    back = reverse(match.journal, idem_key=f"match:{match.pk}:undone", actor=actor, reason=reason)
    leaf = write_leaf(
        "payment.uncleared",
        {
            "payment": payment.slug,
            "award": payment.award.slug,
            "pence": payment.pence,
            "entry": back.seq,
            "bank_line": match.bank_line_id,
            "actor": actor.as_leaf(),
        },
    )
    payment.state = PaymentState.RELEASED
    payment.cleared = payment.clear_entry = payment.bank_line = None
    payment.save(update_fields=["state", "cleared", "clear_entry", "bank_line"])
    promised.follow(payment.award, on=timezone.localdate(), actor=actor, leaf=leaf)
    return done


@transaction.atomic
def came_back(line: BankLine, payment: Payment, *, actor: Actor) -> Match:
    """A payment came back from the payee's bank. What was paid stays paid, and beside it the money
    is the place's again: whoever decided on it decides anew."""
    account = person(actor)
    payment = held_payment(payment)
    _refuse_other_place(line, payment)
    if payment.state != PaymentState.CLEARED or payment.pence != line.pence:
        raise Refused(
            _("Only a payment that the bank paid can come back, and whole."), code="came_back"
        )
    earlier = _came_back_of(payment)
    if (standing := earlier.filter(reversal=None).first()) is not None:
        # Pressed twice, it is the first match; another line is another return, and there is one.
        return account_for(
            line,
            kind=Accounted.ARRIVAL,
            journal=standing,
            by=Account.objects.get(pk=account),
            actor=actor,
        )
    place = payment.award.place.slug
    home = accounts.available(place)
    fund = LedgerAccount.objects.get(code=home).fund
    outside = accounts.paid_world(fund, place, payment.award.slug)
    entry = post(
        CAME_BACK,
        [Line(outside, home, payment.pence)],
        # Numbered, because it may be undone and the right line said after it.
        idem_key=f"payment:{payment.slug}:came-back:{line.pk}:{earlier.count() + 1}",
        actor=actor,
        effective_on=line.booked_on,
    )
    return account_for(
        line,
        kind=Accounted.ARRIVAL,
        journal=entry,
        by=Account.objects.get(pk=account),
        actor=actor,
    )


def _came_back_of(payment: Payment) -> QuerySet[Journal]:
    """Every entry by which a payment's money came back, undone or not."""
    return Journal.objects.filter(
        kind=CAME_BACK, idem_key__startswith=f"payment:{payment.slug}:came-back"
    )


def _refuse_other_place(line: BankLine, payment: Payment) -> None:
    """An account holds one place's money, or a whole fund's."""
    if line.account.place_id not in {None, payment.award.place_id}:
        raise Refused(
            _("This account holds the money of another place than the payment’s."),
            code="match_place",
        )
