"""A draft of an agreement with an organisation is taken back before anybody has accepted it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.actions.hosting import held_funding, speaks_for
from doorstep.apps.awards.models import Funding
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def withdraw_funding(funding: Funding, *, reason: str, on: date, actor: Actor) -> Funding:
    """The fund takes back what it drafted, and says why in public, while nobody has accepted it; so
    what was to be taken over can be drafted anew. Withdrawn again, nothing changes."""
    account = person(actor)
    one = held_funding(funding)
    place, body = one.funding.host.partnership.place, one.funding.host.organisation
    if actor.kind != "funder":
        raise Refused(_("A funder withdraws a draft."), code="role")
    if one.withdrawn:
        return one.funding
    if one.funding.accepted_id is not None:
        raise Refused(
            _("%(body)s has accepted it, so it stands. Draft one that takes it over.")
            % {"body": body.name},
            code="accepted",
        )
    if speaks_for(body, account, on):
        raise Refused(
            _("You speak for %(body)s, so somebody else does this.") % {"body": body.name},
            code="own_body",
        )
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    one.funding.withdrawn_by_id, one.funding.withdrawn_on = account, on
    one.funding.withdrawn = write_leaf(
        "hosting.withdrawn",
        {
            "place": place.slug, "organisation": body.slug, "fund": one.funding.fund.slug,
            "agreement": one.funding.drafted.idx, "reason": keep_words(reason).commitment,
            "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    one.funding.save(update_fields=["withdrawn_by", "withdrawn_on", "withdrawn"])
    return one.funding
