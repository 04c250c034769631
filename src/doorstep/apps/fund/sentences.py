"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, tells


@tells("fund.opened", group=gettext_lazy("The fund"))
def _opened(body: Body, words: Words) -> str:
    return _("The fund “%(fund)s” was opened.") % {"fund": body["fund"]}


@tells("allocation.decided", group=gettext_lazy("Shares of the fund"))
def _allocated(body: Body, words: Words) -> str:
    return _("%(place)s was given %(sum)s from %(begins_on)s to %(ends_on)s.") % {
        "place": body["place"],
        "sum": pounds(body["pence"]),
        "begins_on": body["begins_on"],
        "ends_on": body["ends_on"],
    }
