"""How the leaves of seats are told: numbers of those who stand, and nobody's name."""

from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import Filling, Membership
from doorstep.apps.record.sentences import Body, Words, tells


@tells("partnership.seats_open")
def _open(body: Body, words: Words) -> str:
    return _(
        "Seats to fill at %(place)s: %(seats)s (time %(filling)s), %(how)s. The lot’s public "
        "number: %(seed_from)s"
    ) % {**body, "how": Filling.How(body["how"]).label, "seed_from": words(body["seed_from"])}


@tells("partnership.stands")
def _stands(body: Body, words: Words) -> str:
    return _("Candidate %(candidate)s stands for a seat at %(place)s (time %(filling)s).") % body


@tells("partnership.seats_filled")
def _filled(body: Body, words: Words) -> str:
    return _(
        "Seats at %(place)s were filled (time %(filling)s). Of %(candidates)s who stood, these are "
        "in: %(chosen)s. Public number: %(seed)s"
    ) % {
        **body,
        "chosen": ", ".join(str(number) for number in body["chosen"]),
        "seed": body["seed"] or "–",
    }


@tells("partnership.seats_dropped")
def _dropped(body: Body, words: Words) -> str:
    return _("Seats at %(place)s were not filled (time %(filling)s).") % body


@tells("partnership.office_given")
def _office(body: Body, words: Words) -> str:
    told = {**body, "office": Membership.Seat(body["seat"]).label}
    if body["decision"] is None:
        return (
            _("Seat %(before)s of %(place)s gave up its office, and is seat %(membership)s.") % told
        )
    return (
        _(
            "Seat %(before)s of %(place)s is %(office)s from now on, as seat %(membership)s. "
            "Decided by line %(decision)s."
        )
        % told
    )
