"""An entry of the fund is taken back: the same pence the other way, beside it, with a reason.

Only where that breaks no word that was given. What was promised to places stays promised, and what
a term's end gave back stays back: those are followed by another step instead.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import rules
from doorstep.apps.fund.models import Fund
from doorstep.apps.fund.queries import matched_pence, released_pence
from doorstep.apps.ledger.actions import reverse
from doorstep.apps.ledger.models import Journal, Transfer
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

MAY_BE_TAKEN_BACK = frozenset(
    {
        "fund.dormant_arrived",
        "fund.match_arrived",
        "fund.reclaim_paid",
        "fund.released",
        "fund.costs_paid",
        "fund.programme_funded",
        "fund.drawn_down",
        "fund.given_back",
    }
)


@transaction.atomic
def take_back(fund: Fund, entry: int, *, reason: str, idem_key: str, actor: Actor) -> Journal:
    """Reverse an entry of this fund. Refused where its money has moved on, or was promised."""
    rules.refuse_reason(reason)
    lock_head()
    journal = Journal.objects.filter(pk=entry).first()
    if journal is None or not Transfer.objects.filter(
        journal=journal, debit__fund=fund.slug
    ).exists():  # fmt: skip
        raise Refused(
            _("%(fund)s has no entry %(entry)s. Take its number from the list of entries.")
            % {"fund": fund.name, "entry": entry},
            code="unknown_id",
        )
    rules.refuse_kept_entry(journal.kind in MAY_BE_TAKEN_BACK, journal.seq)
    back = reverse(journal, idem_key=idem_key, actor=actor, reason=reason)
    ratio = int(rule("fund.match_ratio", timezone.localdate()).value)
    rules.refuse_unmatched(matched_pence(fund), released_pence(fund), ratio)
    return back
