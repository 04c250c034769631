"""A recount by two destroys the ballots, and then the database is rewritten without them."""

from django.db import transaction

from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording
from doorstep.apps.rounds.actions import sign_recount
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.actions.rewriting import owe, rewrite_what_is_owed


def recounted(
    round_: Round, outcome: bytes, *, signer: Account, name: Wording | None, actor: Actor
) -> bool:
    """`rounds.sign_recount`; True when the second has signed and the ballots are destroyed."""
    with transaction.atomic():
        done = sign_recount(round_, outcome, signer=signer, name=name, actor=actor)
        if done:
            owe(round_)
    if done:
        rewrite_what_is_owed()
    return done
