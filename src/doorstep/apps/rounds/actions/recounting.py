"""Where only totals are published: two people recount the ballots apart and sign what they found.
Then the ballots are destroyed."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import BallotBox, Publication, Recount, Round, RoundState


@transaction.atomic
def sign_recount(
    round_: Round, outcome: bytes, *, signer: Account, name: Wording | None, actor: Actor
) -> bool:
    """Take what `doorstep count FILE --json` printed on somebody's own computer.

    The second who found the published result signs it for both, and the ballots are destroyed:
    True. Refused where the result is another.
    """
    lock_head()
    round_ = Round.objects.select_related("terms", "box", "result").get(pk=round_.pk)
    counted = round_.state in (RoundState.COUNTED, RoundState.SETTLED)
    aggregate = round_.terms.publication == Publication.AGGREGATE
    if not counted or not aggregate or round_.box.form != BallotBox.Form.BALLOTS:
        raise Refused(
            _(
                "Only a counted round of which totals alone are published is recounted here. The "
                "ballots of any other can be counted again by everybody."
            ),
            code="no_recount",
        )
    if round_.box.is_forgotten:
        return True
    found = hashlib.sha256(outcome.strip()).hexdigest()
    if found != round_.result.sha256:
        raise Refused(
            _(
                "Your count is not the published one. Download the ballots again, run the command "
                "as it stands on this page, and send the file it wrote. If it differs again, tell "
                "the partnership and the funder before anything is paid."
            ),
            code="recount_differs",
        )
    Recount.objects.get_or_create(
        round=round_, signer=signer, defaults={"name": name, "result_sha256": found}
    )
    signed = list(Recount.objects.filter(round=round_).select_related("name").order_by("pk"))
    if len(signed) < 2:
        return False
    write_leaf(
        "round.recount_signed",
        {
            "round": round_.slug,
            "ballots_sha256": round_.box.sha256,
            "result_sha256": found,
            "by": [one.name.commitment if one.name else "" for one in signed],
            "actor": actor.as_leaf(),
        },
    )
    BallotBox.objects.filter(pk=round_.box.pk).update(packed=b"")
    return True
