"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, tells


@tells("award.made", group=gettext_lazy("Awards"))
def _made(body: Body, words: Words) -> str:
    return _(
        "%(sum)s was awarded to “%(title)s” in %(place)s, by the decision at line %(decision)s."
    ) % {
        "sum": pounds(body["pence"]),
        "title": words(body["title"]),
        "place": body["place"],
        "decision": body["decision"],
    }
