"""Quick grants: one screen, one transaction, from a delegated limit to a payment asked for."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised_asking as promised
from doorstep.apps.awards import rules
from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.awards.actions.common import person, refuse_bad_key
from doorstep.apps.awards.actions.decisions import award_by_decision
from doorstep.apps.awards.actions.payments import raise_payment
from doorstep.apps.awards.models import Award, AwardKind, Delegation, Payment, Side
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@transaction.atomic
def give_quick_grant(
    delegation: Delegation,
    *,
    key: str,
    title: str,
    purpose: str,
    pence: int,
    payee_kind: str,
    payee: Organisation | Account,
    invoice: str,
    on: date,
    actor: Actor,
) -> Payment:
    """Promise, agree and ask for the payment at once. `key` is the form's own: the same form sent
    twice gives one grant. Somebody else still approves."""
    lock_head()
    person(actor)
    refuse_bad_key(key)
    slug = f"quick-{key}"
    earlier = Payment.objects.filter(
        award__slug=slug, award__decision__partnership_decision__delegation=delegation
    )
    if (same := earlier.first()) is not None:
        return same
    award = promise_quick(
        delegation, slug, title=title, purpose=purpose, pence=pence, payee_kind=payee_kind,
        payee=payee, on=on, actor=actor,
    )  # fmt: skip
    return raise_payment(award, invoice=invoice, pence=pence, on=on, actor=actor)


@transaction.atomic
def promise_quick(
    delegation: Delegation,
    slug: str,
    *,
    title: str,
    purpose: str,
    pence: int,
    payee_kind: str,
    payee: Organisation | Account,
    on: date,
    actor: Actor,
) -> Award:
    """Promise money within a delegated limit and sign for it; a limit is never overspent."""
    lock_head()
    delegation = Delegation.objects.select_related("decision__place", "decision__leaf").get(
        pk=delegation.pk
    )
    decision = delegation.decision
    if actor.kind != delegation.holder_role:
        raise Refused(
            _("This limit was given to a %(role)s.") % {"role": role_name(delegation.holder_role)},
            code="not_the_holder",
        )
    if not delegation.since <= on < delegation.until:
        raise Refused(
            _("This limit holds from %(since)s until %(until)s. Ask the partnership to renew it.")
            % {"since": said_day(delegation.since), "until": said_day(delegation.until)},
            code="delegation_ended",
        )
    check_pence(pence)
    rules.refuse_quick(
        pence,
        limit=decision.pence,
        month_limit=delegation.month_pence,
        given_this_month=given_in_month(delegation, on),
        on=on,
        place=decision.place.slug,
    )
    # The rule's own limit is the place's, however many limits its partnership wrote.
    rules.refuse_quick(
        pence,
        limit=decision.pence,
        month_limit=int(rule("grant.quick_month_maximum", on, decision.place.slug).value),
        given_this_month=_given_at(decision.place, on),
        on=on,
        place=decision.place.slug,
    )
    award = award_by_decision(
        decision, slug, title=title, pence=pence, kind=AwardKind.QUICK, on=on, actor=actor
    )
    agreement = draft_agreement(
        award, payee_kind=payee_kind, payee=payee, purpose=purpose, actor=actor
    )
    sign(agreement, Side.OURS, on=on, actor=actor)
    promised.to_review(award, on=on, actor=actor, leaf=award.made)
    return award


def given_in_month(delegation: Delegation, on: date) -> int:
    """Pence given under a limit in the calendar month of a day, and not called off."""
    return _sum_in_month(Award.objects.filter(decision=delegation.decision.leaf), on)


def _given_at(place: Place, on: date) -> int:
    """The same of every limit of a place together."""
    return _sum_in_month(Award.objects.filter(place=place, kind=AwardKind.QUICK), on)


def _sum_in_month(awards: QuerySet[Award], on: date) -> int:
    given = awards.filter(
        commitment__effective_on__year=on.year, commitment__effective_on__month=on.month
    ).exclude(state=Award.State.CANCELLED)
    return int(given.aggregate(total=Sum("pence"))["total"] or 0)
