"""Decisions that no ballot made, with who voted and who stayed out, by role; awards and limits that
point to them.

What a meeting decides here goes through `from_meetings`; no page writes a decision down by hand.
`record_decision` and `delegate` stay for what was decided before a place kept its meetings here.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions.awards import make_award
from doorstep.apps.awards.models import (
    Award,
    AwardKind,
    Decision,
    DecisionKind,
    Delegation,
)
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def record_decision(
    place: Place,
    kind: str,
    *,
    title: str,
    pence: int,
    decided_on: date,
    voted: Mapping[str, int],
    recused: Mapping[str, int] | None = None,
    actor: Actor,
) -> Decision:
    """A line of the plan, or what a meeting decided: up to `pence`, by so many people."""
    rules.refuse_unknown(
        kind, [DecisionKind.PLAN_LINE.value, DecisionKind.MEETING.value], _("a kind of decision")
    )
    return _decide(place, kind, title, pence, decided_on, voted, recused or {}, {}, actor)


@transaction.atomic
def delegate(
    place: Place,
    *,
    title: str,
    holder_role: str,
    pence: int,
    month_pence: int,
    since: date,
    until: date,
    decided_on: date,
    voted: Mapping[str, int],
    recused: Mapping[str, int] | None = None,
    actor: Actor,
) -> Delegation:
    """The partnership lets one role give quick grants of up to `pence`, and so much a month."""
    rules.refuse_unknown(
        holder_role, [*rules.MAY_RAISE, "funder"], _("a role that can hold a limit")
    )
    check_pence(month_pence)
    if until < since:
        raise Refused(
            _("The limit would end before it begins on %(day)s. Give a later last day.")
            % {"day": said_day(since)},
            code="delegation_backwards",
        )
    terms: dict[str, str | int] = {
        "holder": holder_role,
        "month_pence": month_pence,
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    decision = _decide(
        place, DecisionKind.DELEGATION, title, pence, decided_on, voted, recused or {}, terms, actor
    )
    end_former(place, holder_role, since, actor)
    return Delegation.objects.create(
        decision=decision,
        holder_role=holder_role,
        month_pence=month_pence,
        since=since,
        until=until,
    )


def end_former(place: Place, holder_role: str, since: date, actor: Actor) -> None:
    """A new limit takes the place of an open one of the same role: two would add up."""
    former = Delegation.objects.filter(
        decision__place=place, holder_role=holder_role, since__lte=since, until__gt=since
    )
    for delegation in former:
        end_delegation(delegation, on=since, actor=actor)


@transaction.atomic
def end_delegation(delegation: Delegation, *, on: date, actor: Actor) -> Delegation:
    """Take a delegated limit back; `on` is the first day without it."""
    lock_head()
    delegation = Delegation.objects.select_related("decision__leaf").get(pk=delegation.pk)
    if not delegation.since <= on < delegation.until:
        raise Refused(
            _("This limit holds from %(since)s and ends by itself on %(until)s.")
            % {"since": said_day(delegation.since), "until": said_day(delegation.until)},
            code="delegation_ended",
        )
    delegation.until = on
    delegation.save(update_fields=["until"])
    write_leaf(
        "delegation.ended",
        {
            "decision": delegation.decision.leaf.idx,
            "until": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return delegation


@transaction.atomic
def award_by_decision(
    decision: Decision,
    slug: str,
    *,
    title: str,
    pence: int,
    kind: str = AwardKind.PROJECT,
    on: date,
    actor: Actor,
) -> Award:
    """Promise money because of a decision of the partnership, and no more than it decided."""
    lock_head()
    refuse_blank({_("name"): title}, {_("name"): 200})
    rules.refuse_unknown(kind, AwardKind.values, _("a kind of award"))
    given = _given_by(decision)
    if decision.kind != DecisionKind.DELEGATION and given + pence > decision.pence:
        raise Refused(
            _(
                "This decision was for up to %(most)s, and %(given)s of it is given. %(sum)s is "
                "too much. Ask for less, or decide again."
            )
            % {
                "most": pounds(decision.pence),
                "given": pounds(given),
                "sum": pounds(pence),
            },
            code="over_the_decision",
        )
    if Award.objects.filter(slug=slug).exists():
        raise Refused(_("There is an award called “%(slug)s” already.") % {"slug": slug})
    return make_award(
        slug,
        decision.place,
        title=keep_words(title),
        pence=pence,
        decision=decision.leaf,
        from_account=accounts.available(decision.place.slug),
        kind=kind,
        on=on,
        actor=actor,
    )


def _given_by(decision: Decision) -> int:
    """Pence promised because of a decision and not called off."""
    made = Award.objects.filter(decision=decision.leaf).exclude(state=Award.State.CANCELLED)
    return int(made.aggregate(total=Sum("pence"))["total"] or 0)


def _decide(
    place: Place,
    kind: str,
    title: str,
    pence: int,
    decided_on: date,
    voted: Mapping[str, int],
    recused: Mapping[str, int],
    terms: Mapping[str, str | int],
    actor: Actor,
) -> Decision:
    refuse_blank({_("name"): title}, {_("name"): 200})
    check_pence(pence)
    rules.refuse_counts(voted, recused)
    words = keep_words(title)
    leaf = write_leaf(
        str(kind),
        {
            "place": place.slug,
            "title": words.commitment,
            "pence": pence,
            "decided_on": decided_on.isoformat(),
            "voted": dict(voted),
            "recused": dict(recused),
            **terms,
            "actor": actor.as_leaf(),
        },
    )
    return Decision.objects.create(
        place=place,
        kind=kind,
        title=words,
        pence=pence,
        decided_on=decided_on,
        voted=dict(voted),
        recused=dict(recused),
        leaf=leaf,
    )
