"""An agreement with the council is written, offered, signed by both sides and ended by either; its
duties are promises of a body, each with a day."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.common import (
    decided_or_explained,
    refuse_same_hand,
    side_of,
)
from doorstep.apps.partnerships.models import (
    CouncilAgreement,
    CouncilDuty,
    CouncilSide,
    CouncilSignature,
    CouncilState,
    ItemDecision,
    Partnership,
)
from doorstep.apps.partnerships.rules import council as rules
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.promises.actions import Due, Owed, owe, withdraw
from doorstep.apps.promises.models import Promise, PromiseState
from doorstep.apps.promises.queries import related
from doorstep.apps.promises.rules import plain_reason
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused

DUTY_OWED = "council.duty"
SIDES = {"partnership_member": CouncilSide.PARTNERSHIP, "council_officer": CouncilSide.COUNCIL}


@transaction.atomic
def begin_agreement(
    partnership: Partnership, council: Organisation, *, actor: Actor
) -> CouncilAgreement:
    """Start a draft. A partnership has one agreement at a time; it is ended before the next."""
    lock_head()
    if council.kind != Organisation.Kind.COUNCIL:
        raise Refused(_("Choose a council."), code="council")
    ours = CouncilAgreement.objects.filter(partnership=partnership)
    current = ours.exclude(state=CouncilState.ENDED).first()
    if current is not None:
        if current.state == CouncilState.DRAFT and current.council_id == council.pk:
            return current
        raise Refused(_("There is an agreement already. End it first."), code="agreement_open")
    last = ours.aggregate(n=Max("number"))["n"] or 0
    return CouncilAgreement.objects.create(
        partnership=partnership, number=last + 1, council=council
    )


@transaction.atomic
def add_duty(
    agreement: CouncilAgreement, duty: rules.DraftDuty, *, on: date, actor: Actor
) -> CouncilAgreement:
    """One more duty of a draft, of either side."""
    agreement = _held(agreement, CouncilState.DRAFT)
    name = _("duty")
    refuse_blank({name: duty.words}, {name: rules.LONGEST_DUTY})
    rules.refuse_bad_duty(duty, on)
    if len(agreement.draft) >= rules.MOST_DUTIES:
        raise Refused(
            _("An agreement has at most %(most)s duties.") % {"most": rules.MOST_DUTIES},
            code="duties",
        )
    agreement.draft = [*agreement.draft, duty.kept()]
    agreement.save(update_fields=["draft"])
    return agreement


@transaction.atomic
def drop_duty(agreement: CouncilAgreement, number: int, *, actor: Actor) -> CouncilAgreement:
    """Take the duty of that number out of a draft."""
    agreement = _held(agreement, CouncilState.DRAFT)
    if not 1 <= number <= len(agreement.draft):
        raise Refused(_("There is no such duty any more."), code="duty")
    agreement.draft = agreement.draft[: number - 1] + agreement.draft[number:]
    agreement.save(update_fields=["draft"])
    return agreement


@transaction.atomic
def offer_agreement(
    agreement: CouncilAgreement,
    *,
    decision: ItemDecision | None = None,
    why: str = "",
    on: date,
    actor: Actor,
) -> CouncilAgreement:
    """Lay a draft before both sides: it binds both, and a meeting agreed to it or it says why
    none did."""
    agreement = _held(agreement, CouncilState.DRAFT)
    duties = [rules.DraftDuty(**one) for one in agreement.draft]
    rules.refuse_one_sided(duties)
    explained = decided_or_explained(
        decision, why, agreement.partnership,
        _(
            "Choose the meeting’s item by which the agreement was agreed, or say in public why no "
            "meeting decided."
        ),
    )  # fmt: skip
    made = [
        CouncilDuty(
            agreement=agreement, number=number, side=CouncilSide(one.side),
            words=keep_words(one.words.strip()), every=one.every, first_on=one.day,
        )
        for number, one in enumerate(duties, start=1)
    ]  # fmt: skip
    leaf = write_leaf(
        "council.agreement_offered",
        {
            **_named(agreement),
            "council": agreement.council.slug,
            "duties": [
                {
                    "side": str(one.side), "words": one.words.commitment, "every": one.every,
                    "first_on": one.first_on.isoformat(),
                }
                for one in made
            ],
            "decision": decision.leaf.idx if decision else None,
            "why": explained.commitment if explained else "",
            "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    CouncilDuty.objects.bulk_create(made)  # while it is a draft: afterwards no duty comes to it
    agreement.state, agreement.draft, agreement.offered = CouncilState.OFFERED, [], leaf
    agreement.decision, agreement.why = decision, explained
    agreement.save(update_fields=["state", "draft", "offered", "decision", "why"])
    return agreement


@transaction.atomic
def sign_agreement(agreement: CouncilAgreement, *, on: date, actor: Actor) -> CouncilSignature:
    """Sign for the side of the role somebody acts in. With the second signature all is owed."""
    agreement = _held(agreement, CouncilState.OFFERED, CouncilState.SIGNED)
    side, account = side_of(
        actor, SIDES,
        _("A partnership member signs for the partnership, a council officer for the council."),
    )  # fmt: skip
    signed = {one.side: one for one in agreement.signatures.all()}
    if side in signed:
        return signed[side]
    say = _("You signed for the other side. An agreement takes two people.")
    refuse_same_hand(signed.values(), account, say)
    leaf = write_leaf(
        "council.agreement_signed",
        {
            **_named(agreement),
            "side": str(side),
            "signed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    signature = CouncilSignature.objects.create(
        agreement=agreement, side=side, account_id=account, on=on, leaf=leaf
    )
    if signed:
        agreement.state = CouncilState.SIGNED
        agreement.save(update_fields=["state"])
        for duty in agreement.duties.select_related("agreement__council"):
            _owe(agreement, duty, 1, on=on, actor=actor, leaf=leaf)
    return signature


@transaction.atomic
def end_agreement(
    agreement: CouncilAgreement, reason: str, *, on: date, actor: Actor
) -> CouncilAgreement:
    """Either side ends it, with a reason that everybody can read. What was kept, late or not done
    stays told; what is open is needed no more."""
    agreement = _held(agreement, CouncilState.OFFERED, CouncilState.SIGNED)
    if actor.kind not in SIDES:
        raise Refused(_("Only a side of the agreement ends it."), code="side")
    words = keep_words(plain_reason(reason))
    leaf = write_leaf(
        "council.agreement_ended",
        {
            **_named(agreement),
            "side": str(SIDES[actor.kind]),
            "reason": words.commitment,
            "actor": actor.as_leaf(),
        },
    )
    for promise in duty_promises(agreement):
        if promise.state == PromiseState.OPEN:
            withdraw(DUTY_OWED, promise.subject, on=on, actor=actor, leaf=leaf)
    agreement.state, agreement.ended, agreement.reason = CouncilState.ENDED, leaf, words
    agreement.save(update_fields=["state", "ended", "reason"])
    return agreement


@transaction.atomic
def renew_duties(on: date, *, actor: Actor) -> int:
    """Owe every duty that comes again and whose last day has passed for its next time, whether the
    last was kept or not; how many. Done twice, it finds nothing to do."""
    lock_head()
    duties = CouncilDuty.objects.filter(agreement__state=CouncilState.SIGNED, every__gt=0)
    times = Counter(
        subject.split("-")[0]
        for subject in Promise.objects.filter(kind=DUTY_OWED).values_list("subject", flat=True)
    )
    made = 0
    for duty in duties.select_related("agreement__partnership__place", "agreement__council"):
        time = times[str(duty.pk)]
        while rules.due_on(duty.first_on, duty.every, time) < on:
            time += 1
            _owe(duty.agreement, duty, time, on=on, actor=actor)
            made += 1
    return made


def duty_promises(agreement: CouncilAgreement) -> list[Promise]:
    """Every time that a duty of the agreement was owed, in its order; two statements."""
    wanted = {str(pk) for pk in agreement.duties.values_list("pk", flat=True)}
    place = agreement.partnership.place
    rows = Promise.objects.filter(kind=DUTY_OWED, place=place).select_related(*related())
    return [one for one in rows.order_by("due_on", "pk") if one.subject.split("-")[0] in wanted]


def _owe(
    agreement: CouncilAgreement,
    duty: CouncilDuty,
    time: int,
    *,
    on: date,
    actor: Actor,
    leaf: Leaf | None = None,
) -> None:
    """One time of a duty, by its side as a body and never by a person."""
    council = agreement.council if duty.side == CouncilSide.COUNCIL else None
    owe(
        Owed(
            DUTY_OWED, f"{duty.pk}-{time}", Due(rules.due_on(duty.first_on, duty.every, time)),
            place=agreement.partnership.place, role="" if council else "partnership_member",
            organisation=council, to=None if council else agreement.council,
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip


def _held(agreement: CouncilAgreement, *states: CouncilState) -> CouncilAgreement:
    lock_head()
    rows = CouncilAgreement.objects.select_related("partnership__place", "council")
    now = rows.get(pk=agreement.pk)
    if now.state not in states:
        raise Refused(
            _("This agreement is not at that step any more: %(state)s.")
            % {"state": now.get_state_display()},
            code="agreement_state",
        )
    return now


def _named(agreement: CouncilAgreement) -> dict[str, str | int]:
    return {"place": agreement.partnership.place.slug, "agreement": agreement.number}
