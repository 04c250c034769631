"""How the leaves of receipts, results and closed years are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, tells

from .models import Outcome

# What happened, as a neighbour says it.
OUTCOMES = {
    Outcome.HAPPENED: gettext_lazy("It happened."),
    Outcome.CHANGED: gettext_lazy("It changed on the way."),
    Outcome.STOPPED: gettext_lazy("It stopped."),
    Outcome.LEARNED: gettext_lazy("Something was learned."),
}


@tells("payment.uncleared")
def _uncleared(body: Body, words: Words) -> str:
    return _(
        "The bank’s line for payment %(payment)s was the wrong one. It is on its way again, until "
        "the right line is found."
    ) % {"payment": body["payment"]}


@tells("receipt.handed_in", group=gettext_lazy("Receipts"))
def _handed_in(body: Body, words: Words) -> str:
    return _("A receipt of %(sum)s was handed in for %(award)s.") % {
        "sum": pounds(body["pence"]),
        "award": body["award"],
    }


@tells("receipt.shown")
def _shown(body: Body, words: Words) -> str:
    told = {"sum": pounds(body["pence"]), "award": body["award"]}
    if body["covered"]:
        return (
            _(
                "A receipt of %(sum)s for %(award)s was looked at, and made public with parts of "
                "it covered."
            )
            % told
        )
    return _("A receipt of %(sum)s for %(award)s was looked at, and made public.") % told


@tells("receipt.sent_back")
def _sent_back(body: Body, words: Words) -> str:
    return _("A receipt of %(sum)s for %(award)s was sent back. Reason: %(reason)s") % {
        "sum": pounds(body["pence"]),
        "award": body["award"],
        "reason": words(body["reason"]),
    }


@tells("result.told", group=gettext_lazy("Results"))
def _told(body: Body, words: Words) -> str:
    # Their words are public only once somebody has read them (`result.shown`).
    return _("What became of %(award)s was told. %(outcome)s") % {
        "award": body["award"],
        "outcome": OUTCOMES[Outcome(body["outcome"])],
    }


@tells("result.shown")
def _result_shown(body: Body, words: Words) -> str:
    return _("What became of %(award)s was read and made public. %(outcome)s “%(words)s”") % {
        "award": body["award"],
        "outcome": OUTCOMES[Outcome(body["outcome"])],
        "words": words(body["words"]),
    }


@tells("award.year_closed")
def _year_closed(body: Body, words: Words) -> str:
    return _("Year %(number)s of %(award)s was closed, with its accounts. “%(story)s”") % {
        "number": body["number"],
        "award": body["award"],
        "story": words(body["story"]),
    }
