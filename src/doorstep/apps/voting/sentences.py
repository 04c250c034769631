"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import Body, Words, tells


def _number(value: int) -> str:
    return f"{value:,}"


@tells("voting.batch_printed", group=gettext_lazy("Voting"))
def _batch_printed(body: Body, words: Words) -> str:
    channels = {
        "letter": _("letters"),
        "desk": _("cards at the desk"),
        "door": _("cards at doors"),
    }
    area = words(body["area"]) if body["area"] else _("the whole place")
    return _(
        "Codes for round %(round)s were printed, before voting opened: %(count)s %(channel)s, "
        "for %(area)s. Two people were there."
    ) % {
        "round": body["round"],
        "count": _number(body["count"]),
        "channel": channels[body["channel"]],
        "area": area,
    }


@tells("voting.batch_spoiled")
def _batch_spoiled(body: Body, words: Words) -> str:
    return _(
        "A run of %(count)s codes for round %(round)s was spoilt in the printer: all are void."
    ) % {"round": body["round"], "count": _number(body["count"])}


@tells("voting.opened")
def _opened(body: Body, words: Words) -> str:
    return _("Voting opened in round %(round)s, with %(codes)s codes given out or ready.") % {
        "round": body["round"],
        "codes": _number(body["codes"]),
    }


@tells("voting.envelopes")
def _envelopes(body: Body, words: Words) -> str:
    return _(
        "%(count)s sealed envelopes of round %(round)s were noted. Codes used so far: %(used)s."
    ) % {
        "round": body["round"],
        "count": _number(len(body["hashes"])),
        "used": _number(body["used"]),
    }


@tells("voting.ended")
def _ended(body: Body, words: Words) -> str:
    return _(
        "Voting ended in round %(round)s. Codes used online: %(online)s; on paper so far: "
        "%(paper)s."
    ) % _used(body)


@tells("voting.paper_taken_in")
def _paper_taken_in(body: Body, words: Words) -> str:
    return _(
        "A paper was taken in after voting had ended in round %(round)s. Codes used online: "
        "%(online)s; on paper so far: %(paper)s."
    ) % _used(body)


def _used(body: Body) -> dict[str, str]:
    """What both say of the codes that were used, in which way."""
    return {
        "round": body["round"],
        "online": _number(body["used_online"]),
        "paper": _number(body["used_paper"]),
    }


@tells("voting.code_unlocked")
def _unlocked(body: Body, words: Words) -> str:
    return _("A code of round %(round)s was unlocked at the desk.") % {"round": body["round"]}


@tells("voting.code_voided")
def _voided(body: Body, words: Words) -> str:
    return _("A code of round %(round)s was made void at the desk.") % {"round": body["round"]}


@tells("voting.code_replaced")
def _replaced(body: Body, words: Words) -> str:
    return _("A code of round %(round)s was replaced by a desk card.") % {"round": body["round"]}


@tells("voting.letter_returned")
def _returned(body: Body, words: Words) -> str:
    return _("A letter of round %(round)s came back unopened.") % {"round": body["round"]}
