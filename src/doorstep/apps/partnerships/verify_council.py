"""Is every agreement with a council what the record says: its duties, who signed, how it stands?"""

from collections.abc import Iterator

from doorstep.apps.partnerships.actions.council import DUTY_OWED, SIDES
from doorstep.apps.partnerships.models import (
    CouncilAgreement,
    CouncilDuty,
    CouncilSide,
    CouncilSignature,
    CouncilState,
)
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, otherwise

ROLES = {str(side): role for role, side in SIDES.items()}


def verify_council() -> Iterator[Finding]:
    """Every fault in every agreement that was laid before both sides; nothing when all is sound."""
    rows = CouncilAgreement.objects.select_related(
        "partnership__place", "council", "decision__leaf", "why", "offered", "ended", "reason"
    ).prefetch_related("duties__words", "signatures__leaf")
    owed = set(Promise.objects.filter(kind=DUTY_OWED).values_list("subject", flat=True))
    for one in rows.order_by("pk").iterator(chunk_size=200):
        for fault in _faults(one, owed):
            place = one.partnership.place.slug
            yield Finding(f"Agreement {one.number} of {place} with its council", fault)
    yield from _gone()


def _faults(one: CouncilAgreement, owed: set[str]) -> Iterator[str]:
    if one.state == CouncilState.DRAFT:
        if one.offered is not None:
            yield "it is said to be a draft, and a leaf laid it before both sides."
        return
    duties = sorted(one.duties.all(), key=lambda duty: duty.number)
    yield from otherwise(
        one.offered,
        {
            "kind": "council.agreement_offered",
            **_named(one),
            "council": one.council.slug,
            "duties": [_said(duty) for duty in duties],
            "decision": one.decision.leaf.idx if one.decision else None,
            "why": one.why.commitment if one.why else "",
        },
    )
    yield from _signed(one, duties, owed)
    yield from _ending(one)


def _signed(one: CouncilAgreement, duties: list[CouncilDuty], owed: set[str]) -> Iterator[str]:
    signatures = list(one.signatures.all())
    for signature in signatures:
        stands = {
            "kind": "council.agreement_signed",
            **_named(one),
            "side": signature.side,
            "signed_on": signature.on.isoformat(),
            "actor": {"role": ROLES[signature.side], "id": signature.account_id},
        }
        for fault in otherwise(signature.leaf, stands):
            yield f"the signature for the {signature.side}: {fault}"
    both = {signature.side for signature in signatures} == set(CouncilSide.values)
    if both and one.state == CouncilState.OFFERED:
        yield "both sides signed, and it is said to wait for a signature."
    if not both and one.state == CouncilState.SIGNED:
        yield "it is said to be signed by both sides, and a signature is missing."
    if both and (missing := [duty for duty in duties if f"{duty.pk}-1" not in owed]):
        yield f"duty {missing[0].number} was agreed, and was never owed."


def _ending(one: CouncilAgreement) -> Iterator[str]:
    if one.state != CouncilState.ENDED:
        if one.ended is not None or one.reason is not None:
            yield "it was ended, and is said to go on."
        return
    reason = one.reason.commitment if one.reason else None
    stands = {"kind": "council.agreement_ended", **_named(one), "reason": reason}
    yield from otherwise(one.ended, stands)


def _gone() -> Iterator[Finding]:
    """Leaves whose row is gone."""
    signed = CouncilSignature.objects.values("leaf")
    steps = {
        "council.agreement_offered": Leaf.objects.filter(council_offered=None),
        "council.agreement_signed": Leaf.objects.exclude(pk__in=signed),
        "council.agreement_ended": Leaf.objects.filter(council_ended=None),
    }
    for kind, leaves in steps.items():
        for idx in leaves.filter(kind=kind).order_by("idx").values_list("idx", flat=True):
            yield Finding(f"Leaf {idx} of the public log", "its step of an agreement is gone.")


def _named(one: CouncilAgreement) -> dict[str, object]:
    return {"place": one.partnership.place.slug, "agreement": one.number}


def _said(duty: CouncilDuty) -> dict[str, object]:
    return {
        "side": duty.side,
        "words": duty.words.commitment,
        "every": duty.every,
        "first_on": duty.first_on.isoformat(),
    }
