"""How the leaves of this room are told."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.organisations.models import Document, Identifier, Officer, Organisation
from doorstep.apps.people.spells import said_day, with_days
from doorstep.apps.record.sentences import Body, Words, tells

Template = Callable[[], str]


@tells("organisation.opened", group=gettext_lazy("Organisations"))
def _opened(body: Body, words: Words) -> str:
    return _("%(name)s joined as a %(kind)s.") % {
        "name": words(body["name"]),
        "kind": Organisation.Kind(body["organisation_kind"]).label,
    }


@tells("organisation.identified")
def _identified(body: Body, words: Words) -> str:
    return _("%(organisation)s is number %(value)s at %(register)s.") % {
        **with_days(body),
        "register": Identifier.Scheme(body["scheme"]).label,
    }


@tells("organisation.office_began")
def _office_began(body: Body, words: Words) -> str:
    return _("Account %(account)s became %(title)s of %(organisation)s from %(since)s.") % {
        **with_days(body),
        "title": Officer.Title(body["title"]).label,
    }


@tells("organisation.office_ended")
def _office_ended(body: Body, words: Words) -> str:
    return _("Office %(office)s ended on %(until)s.") % with_days(body)


@tells("organisation.mandate_given")
def _mandate_given(body: Body, words: Words) -> str:
    if "account" in body:
        return _(
            "Account %(account)s named bank account %(mandate)s, used from %(since)s."
        ) % with_days(body)
    return _("%(organisation)s named bank account %(mandate)s, used from %(since)s.") % with_days(
        body
    )


@tells("organisation.mandate_ended")
def _mandate_ended(body: Body, words: Words) -> str:
    return _("Bank account %(mandate)s is no longer used from %(until)s.") % with_days(body)


@tells("organisation.mandate_read")
def _mandate_read(body: Body, words: Words) -> str:
    return _("Bank account %(mandate)s was opened to pay into it.") % with_days(body)


def _plain(kind: str) -> Callable[[Template], Template]:
    """A leaf that is told by filling its own fields, and days in words, into one sentence."""

    def keep(template: Template) -> Template:
        tells(kind)(lambda body, words: template() % with_days(body))
        return template

    return keep


@tells("passport.document_given", group=gettext_lazy("Passports"))
def _document_given(body: Body, words: Words) -> str:
    return _("%(organisation)s put a paper into its passport: %(paper)s.") % {
        **body,
        "paper": Document.Kind(body["document_kind"]).label,
    }


@_plain("passport.document_taken_out")
def _document_taken_out() -> str:
    return _("%(organisation)s took paper %(document)s out of its passport.")


@_plain("passport.ties_said")
def _ties_said() -> str:
    return _("Somebody who speaks for %(organisation)s said whom of the others they are tied to.")


@_plain("passport.sponsor_asked")
def _sponsor_asked() -> str:
    return _("%(organisation)s asked %(sponsor)s to stand for it.")


@_plain("passport.sponsor_accepted")
def _sponsor_accepted() -> str:
    return _("%(sponsor)s stands for %(organisation)s.")


@_plain("passport.sponsor_ended")
def _sponsor_ended() -> str:
    return _("%(sponsor)s does not stand for %(organisation)s any more.")


@tells("passport.shared")
def _shared(body: Body, words: Words) -> str:
    return _("%(organisation)s shared its passport with %(reader)s up to %(day)s.") % {
        "organisation": body["organisation"],
        "reader": body["reader"] or body["place"],
        "day": said_day(date.fromisoformat(body["last_day"])),
    }


@_plain("passport.share_taken_back")
def _share_taken_back() -> str:
    return _("%(organisation)s took back leave %(share)s to read its passport.")


@_plain("passport.opened")
def _opened_passport() -> str:
    return _("The passport of %(organisation)s was opened under leave %(share)s.")


@_plain("passport.change_asked")
def _change_asked() -> str:
    return _("%(organisation)s asked for new bank details: change %(change)s.")


@_plain("passport.change_confirmed")
def _change_confirmed() -> str:
    return _("A second person of %(organisation)s confirmed change %(change)s of bank details.")


@_plain("passport.change_refused")
def _change_refused() -> str:
    return _("%(organisation)s stopped change %(change)s of bank details.")


@_plain("passport.change_lapsed")
def _change_lapsed() -> str:
    return _("Nobody confirmed change %(change)s of %(organisation)s’s bank details in time.")


@_plain("passport.signing_began")
def _signing_began() -> str:
    return _("Account %(account)s may sign for %(organisation)s.")


@_plain("passport.signing_ended")
def _signing_ended() -> str:
    return _("Account %(account)s may not sign for %(organisation)s any more.")
