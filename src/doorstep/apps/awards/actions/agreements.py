"""An agreement is drafted once and signed by two people, one for each side."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions.common import held_award, person, refuse_unless
from doorstep.apps.awards.models import (
    Agreement,
    Application,
    Award,
    Instalment,
    PayeeKind,
    Side,
    Signature,
)
from doorstep.apps.awards.queries.payments import no_interest
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.organisations.queries import officers_on, stopped
from doorstep.apps.people.models import Account
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

WITH_ORGANISATION = frozenset({PayeeKind.ORGANISATION, PayeeKind.HOST, PayeeKind.FLOAT})
WITH_PERSON = frozenset({PayeeKind.REIMBURSEMENT, PayeeKind.FLOAT})


@transaction.atomic
def draft_agreement(
    award: Award,
    *,
    payee_kind: str,
    payee: Organisation | Account,
    purpose: str,
    instalments: Sequence[tuple[int, date]] = (),
    actor: Actor,
) -> Agreement:
    """Say who is paid, for what, and in which parts. The leaf names no person."""
    award = held_award(award, Award.State.COMMITTED)
    is_organisation = isinstance(payee, Organisation)
    if payee_kind not in (WITH_ORGANISATION if is_organisation else WITH_PERSON):
        raise Refused(
            _("Choose how this is paid: to an organisation, or back to a person who has spent it."),
            code="payee_kind",
        )
    refuse_blank({_("purpose"): purpose}, {_("purpose"): 2000})
    on = timezone.localdate()
    account = person(actor)
    if payee == Account(pk=account) or (
        isinstance(payee, Organisation) and _is_officer(payee, account, on)
    ):
        raise Refused(
            _("You would be paid by this agreement, so somebody else writes it."),
            code="drafted_by_the_payee",
        )
    if isinstance(payee, Organisation):
        refuse_unless(no_interest(account, payee, on), "drafted_with_interest")
        _refuse_expired_policy(award, payee, on)
    rules.refuse_instalments(
        instalments, award.pence, kind=award.kind, on=on, place=award.place.slug
    )
    if Agreement.objects.filter(award=award).exists():
        raise Refused(
            _("There is an agreement on this award already. It is not changed; sign that one."),
            code="agreement_exists",
        )
    words = keep_words(purpose)
    drafted = write_leaf(
        "agreement.drafted",
        {
            "award": award.slug,
            "payee_kind": str(payee_kind),
            "organisation": payee.slug if isinstance(payee, Organisation) else None,
            "purpose": words.commitment,
            "instalments": [[part, day.isoformat()] for part, day in instalments],
            "actor": actor.as_leaf(),
        },
    )
    agreement = Agreement.objects.create(
        award=award,
        payee_kind=payee_kind,
        payee_organisation=payee if isinstance(payee, Organisation) else None,
        payee_account=payee if isinstance(payee, Account) else None,
        purpose=words,
        drafted=drafted,
    )
    for number, (part, day) in enumerate(instalments, start=1):
        Instalment.objects.create(agreement=agreement, number=number, pence=part, due_on=day)
    return agreement


@transaction.atomic
def sign(agreement: Agreement, side: str, *, on: date, actor: Actor) -> Signature:
    """One side signs. With the second signature the award is agreed."""
    lock_head()
    account = person(actor)
    agreement = Agreement.objects.select_related("award").get(pk=agreement.pk)
    rules.refuse_unknown(side, Side.values, _("a side of an agreement"))
    signatures = {signature.side: signature for signature in agreement.signatures.all()}
    if side in signatures:
        if signatures[side].account_id == account:
            return signatures[side]
        raise Refused(_("This side has signed already."), code="signed")
    if any(signature.account_id == account for signature in signatures.values()):
        raise Refused(
            _("You signed for the other side. An agreement takes two people."),
            code="signed_both_sides",
        )
    if speaks_for_payee(agreement, account, on) != (side == Side.THEIRS):
        raise Refused(
            _("Only whoever is paid, or an officer of that organisation, signs for that side.")
            if side == Side.THEIRS
            else _("You are paid by this agreement, so somebody else signs for the partnership."),
            code="wrong_side",
        )
    if side == Side.OURS and actor.kind not in rules.MAY_APPROVE | rules.MAY_RAISE:
        raise Refused(
            _("A partnership member, finance officer or funder signs for the partnership."),
            code="wrong_side",
        )
    if side == Side.OURS and agreement.payee_organisation is not None:
        refuse_unless(
            no_interest(account, agreement.payee_organisation, on), "signed_with_interest"
        )
    award = held_award(agreement.award, Award.State.COMMITTED)
    leaf = write_leaf(
        "agreement.signed",
        {
            "award": award.slug,
            "side": str(side),
            "role": actor.kind,
            "signed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    signature = Signature.objects.create(
        agreement=agreement, side=side, account_id=account, role=actor.kind, day=on, leaf=leaf
    )
    if signatures:
        award.state = Award.State.AGREED
        award.save(update_fields=["state"])
    return signature


def speaks_for_payee(agreement: Agreement, account: int, on: date) -> bool:
    """Whether an account is the payee, or holds an office there on a day."""
    if agreement.payee_organisation is None:
        return agreement.payee_account_id == account
    return _is_officer(agreement.payee_organisation, account, on)


def _is_officer(organisation: Organisation, account: int, on: date) -> bool:
    return any(office.account_id == account for office in officers_on(organisation, on))


def _refuse_expired_policy(award: Award, payee: Organisation, on: date) -> None:
    """Work with children or adults who need care waits for a safeguarding policy that is in date,
    as far as its application says that there is such work."""
    if not Application.objects.filter(award=award, risks__has_key="people_at_risk").exists():
        return
    answer = stopped(payee, "new-agreement", on, with_people_at_risk=True)
    if answer:
        raise Refused(answer.reason, code="policy_expired")
