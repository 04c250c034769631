"""How the leaves of plans are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.partnerships.models import MemorandumSide
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("plan.put_forward", group=gettext_lazy("Plans"))
def _put_forward(body: Body, words: Words) -> str:
    told = {
        **body,
        "sum": pounds(body["allocation"]),
        "lines": len(body["lines"]),
        "why": words(body["why"]) if body["why"] else "",
    }
    if body["decision"] is None:
        return (
            _(
                "Plan %(plan)s of %(place)s was put forward: %(sum)s in %(lines)s lines. No "
                "meeting decided it: %(why)s"
            )
            % told
        )
    return (
        _(
            "Plan %(plan)s of %(place)s was put forward: %(sum)s in %(lines)s lines, by the "
            "decision in line %(decision)s."
        )
        % told
    )


@tells("plan.endorsed")
def _endorsed(body: Body, words: Words) -> str:
    return _("The funder agreed to plan %(plan)s of %(place)s, on %(day)s.") % {
        **body,
        "day": said_day(date.fromisoformat(body["endorsed_on"])),
    }


@tells("plan.sent_back")
def _sent_back(body: Body, words: Words) -> str:
    return _("The funder sent plan %(plan)s of %(place)s back: %(reason)s") % {
        **body,
        "reason": words(body["reason"]),
    }


@tells("plan.reviewed")
def _reviewed(body: Body, words: Words) -> str:
    return _("%(place)s looked back on plan %(plan)s: %(done)s") % {
        **body,
        "done": words(body["done"]),
    }


@tells("plan.memorandum_signed")
def _signed(body: Body, words: Words) -> str:
    return _("The memorandum on plan %(plan)s of %(place)s was signed for %(side)s.") % {
        **body,
        "side": MemorandumSide(body["side"]).label,
    }
