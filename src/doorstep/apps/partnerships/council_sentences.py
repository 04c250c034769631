"""How the leaves of agreements with the council are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.models import CouncilSide
from doorstep.apps.record.sentences import Body, Words, tells


@tells("council.agreement_offered", group=gettext_lazy("Agreements with the council"))
def _offered(body: Body, words: Words) -> str:
    return _(
        "Agreement %(agreement)s of %(place)s with %(council)s was laid before both sides: duties, "
        "%(duties)s."
    ) % {**body, "duties": len(body["duties"])}


@tells("council.agreement_signed")
def _signed(body: Body, words: Words) -> str:
    return _("Agreement %(agreement)s of %(place)s with the council was signed for %(side)s.") % {
        **body,
        "side": CouncilSide(body["side"]).label,
    }


@tells("council.agreement_ended")
def _ended(body: Body, words: Words) -> str:
    return _("Agreement %(agreement)s of %(place)s was ended by %(side)s: %(reason)s") % {
        **body,
        "side": CouncilSide(body["side"]).label,
        "reason": words(body["reason"]),
    }
