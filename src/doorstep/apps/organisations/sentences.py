"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.organisations.models import Identifier, Officer, Organisation
from doorstep.apps.people.spells import with_days
from doorstep.apps.record.sentences import Body, Words, tells


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
