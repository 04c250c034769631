"""How the leaves of getting started are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.partnerships.models import Listening
from doorstep.apps.record.sentences import Body, Words, tells


@tells("start.opened", group=gettext_lazy("Getting started"))
def _opened(body: Body, words: Words) -> str:
    return _("%(place)s gets started, with up to %(sum)s: %(where)s") % {
        **body,
        "sum": pounds(body["money"]),
        "where": words(body["where"]),
    }


@tells("start.listened")
def _listened(body: Body, words: Words) -> str:
    return _("%(place)s listened to %(people)s, %(how)s: %(heard)s") % {
        **body,
        "how": Listening.How(body["how"]).label,
        "heard": words(body["heard"]),
    }


@tells("start.vision_told")
def _told(body: Body, words: Words) -> str:
    return _("What neighbours of %(place)s want to come of the money: %(vision)s") % {
        **body,
        "vision": words(body["vision"]),
    }
