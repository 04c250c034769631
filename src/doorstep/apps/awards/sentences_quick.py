"""How the leaves of quick money and of the evidence page are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import Found
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("quick.said")
def _said(body: Body, words: Words) -> str:
    return _("A member had their say on a request for %(sum)s in %(place)s.") % {
        "sum": pounds(body["pence"]),
        "place": body["place"],
    }


@tells("quick.reviewed")
def _reviewed(body: Body, words: Words) -> str:
    return _("A meeting on %(day)s looked at the quick grant to %(award)s: %(found)s. %(note)s") % {
        "day": said_day(date.fromisoformat(body["met_on"])),
        "award": body["award"],
        "found": Found(body["found"]).label,
        "note": words(body["note"]),
    }


@tells("evidence.fixed", group=gettext_lazy("Evidence"))
def _fixed(body: Body, words: Words) -> str:
    return _(
        "The questions of the evidence page were fixed: %(measures)s figures and %(comparisons)s "
        "comparisons, before any figure was shown."
    ) % {"measures": len(body["definitions"]), "comparisons": len(body["comparisons"])}
