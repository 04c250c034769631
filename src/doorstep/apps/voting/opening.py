"""What freezing a round waits for from its trustees, and fixes of them. Registered at the start."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.rounds.freezing import Missing, before_freeze, fills_ballot, frozen_with
from doorstep.apps.rounds.models import Round, Secrecy
from doorstep.apps.voting.actions.trustees import make_house_key
from doorstep.apps.voting.models import RoundKey, Trustee
from doorstep.apps.voting.models.trustees import HOW_MANY

fills_ballot(make_house_key)


@before_freeze(only_for_a_vote=True)
def trustees_missing(round_: Round) -> Iterable[str]:
    """Three trustees with keys, the round's key, and each of the three has tried theirs."""
    if round_.terms.secrecy != Secrecy.TRUSTEES:
        return
    here = reverse("voting:trustees", args=[round_.slug])
    trustees = list(Trustee.objects.filter(round=round_).select_related("name"))
    if len(trustees) < HOW_MANY:
        yield Missing(_("Three trustees must be named, who open the box together."), here)
        return
    waiting = [one.name.text for one in trustees if one.public_key is None]
    if waiting:
        yield Missing(
            _("These trustees have not made their key yet: %(names)s.")
            % {"names": ", ".join(waiting)},
            here,
        )
        return
    if not RoundKey.objects.filter(round=round_).exists():
        yield Missing(
            _("The round’s key is not made yet. One of the trustees makes it on their page."), here
        )
        return
    untried = [one.name.text for one in trustees if not one.tried]
    if untried:
        yield Missing(
            _("These trustees have not tried their key yet: %(names)s.")
            % {"names": ", ".join(untried)},
            here,
        )


@frozen_with
def trustees_and_key(round_: Round) -> Mapping[str, Any]:
    """Names as commitments, and public keys. The same for ever: sealing a poll keeps these rows."""
    key = RoundKey.objects.filter(round=round_).first()
    if key is None:
        return {}
    trustees = Trustee.objects.filter(round=round_).select_related("name")
    return {
        "ballot_key": bytes(key.public_key).hex(),
        "trustees": [
            {
                "number": one.number,
                "name": one.name.commitment,
                "key": bytes(one.public_key or b"").hex(),
            }
            for one in trustees
        ],
    }
