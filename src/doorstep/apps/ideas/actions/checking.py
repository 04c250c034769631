"""Checkers answer in public: possible, at this cost; or not as written, by this rule."""

import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.ideas import rules
from doorstep.apps.ideas.actions import messages
from doorstep.apps.ideas.actions.steps import held, kept, take
from doorstep.apps.ideas.models import Idea, IdeaState, Step, StepKind
from doorstep.apps.organisations import strongbox
from doorstep.apps.outbox.actions import ADDRESS
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rule_names import citable


@transaction.atomic
def answer(
    idea: Idea,
    *,
    possible: bool,
    cost_pence: int | None = None,
    reason: str,
    rule_key: str = "",
    rule_words: str = "",
    changes: str = "",
    actor: Actor,
) -> Idea:
    """Answer an idea, or the review its author asked for.

    Possible needs a cost that fits the pot. Not possible as written needs the rule that stands in
    the way, by its key in the rulebook or in its own words, and what would change the answer.
    """
    idea = held(idea)
    again = idea.state == IdeaState.REVIEW
    refuse_own(idea, actor)
    if again:
        answered = idea.steps.filter(kind=StepKind.ANSWERED).order_by("-seq")[:1]
        rules.refuse_same(_account(actor), [person_of(step) or 0 for step in answered])
    kind = StepKind.REVIEW_ANSWERED if again else StepKind.ANSWERED
    if possible:
        cost = rules.refuse_cost(cost_pence, idea.round.budget_pence)
        words = kept(reason, "reason") if reason.strip() else None
        take(
            idea, kind, actor=actor, reason=words, state=IdeaState.POSSIBLE, cost_pence=cost
        )  # fmt: skip
    else:
        if rule_key and rule_key not in citable(timezone.localdate()):
            raise Refused(
                _(
                    "Choose a rule from the list. One that is not in force yet, or that nobody "
                    "compared with its source for a year, stops no idea."
                ),
                code="rule_unknown",
            )
        if not rule_key and not rule_words.strip():
            raise Refused(
                _("Say which rule stands in the way: choose one, or write it down."),
                code="rule_missing",
            )
        if not changes.strip():
            raise Refused(_("Say what would change the answer."), code="changes_missing")
        take(
            idea,
            kind,
            actor=actor,
            reason=kept(reason, "reason"),
            rule_key=rule_key,
            rule_words=kept(rule_words, "rule_words") if rule_words.strip() else None,
            changes=kept(changes, "changes"),
            state=IdeaState.NOT_POSSIBLE,
            cost_pence=None,
        )
    messages.answered(idea, again=again)
    return idea


def refuse_own(idea: Idea, actor: Actor) -> None:
    """Whoever proposed an idea or typed it in never answers it."""
    account = Account.objects.filter(pk=_account(actor)).first()
    author = idea.followers.filter(is_author=True).select_related("contact").first()
    own = (
        account is not None
        and author is not None
        and author.contact.lookup in strongbox.fingerprints(account.email.lower(), ADDRESS)
    )
    first = Step.objects.select_related("leaf").get(idea=idea, seq=1)
    rules.refuse_own(_account(actor), person_of(first) if idea.typed_in else None, own)


def person_of(step: Step) -> int | None:
    """The account that took a step; None for the author and for the system."""
    who = json.loads(bytes(step.leaf.body))["actor"]
    return who["id"] if who["role"] not in ("author", "system") else None


def _account(actor: Actor) -> int:
    return actor.id if isinstance(actor.id, int) and actor.kind != "author" else 0
