"""How the leaves of this room are told, to those who may read the audit log."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.people.rules import role_name
from doorstep.apps.people.spells import with_days
from doorstep.apps.record.sentences import Body, Words, tells


@tells("account.opened", group=gettext_lazy("Accounts and roles"))
def _opened(body: Body, words: Words) -> str:
    return _("Account %(account)s was opened.") % with_days(body)


@tells("account.role_given")
def _role_given(body: Body, words: Words) -> str:
    said = {**with_days(body), "role_kind": role_name(body["role_kind"])}
    if body["place"]:
        return _("Account %(account)s became %(role_kind)s at %(place)s from %(since)s.") % said
    return _("Account %(account)s became %(role_kind)s everywhere from %(since)s.") % said


@tells("account.role_ended")
def _role_ended(body: Body, words: Words) -> str:
    return _("Role %(role)s ended on %(until)s.") % with_days(body)


@tells("account.erased")
def _erased(body: Body, words: Words) -> str:
    return _("Whoever had account %(account)s was erased.") % with_days(body)


@tells("account.signed_out")
def _signed_out(body: Body, words: Words) -> str:
    return _("Account %(account)s was signed out everywhere.") % with_days(body)


@tells("account.copied")
def _copied(body: Body, words: Words) -> str:
    return _("A copy of what is held about account %(account)s was taken.") % with_days(body)


@tells("contact.erased")
def _contact_erased(body: Body, words: Words) -> str:
    return _("Somebody without an account was erased: contact %(contacts)s.") % _numbers(body)


@tells("contact.copied")
def _contact_copied(body: Body, words: Words) -> str:
    return _(
        "A copy of what is held about somebody without an account was taken: contact %(contacts)s."
    ) % _numbers(body)


def _numbers(body: Body) -> dict[str, str]:
    return {"contacts": ", ".join(str(one) for one in body["contacts"]) or "–"}


@tells("account.second_factor_added")
def _second_factor_added(body: Body, words: Words) -> str:
    return _("Account %(account)s added a second factor.") % with_days(body)


@tells("account.second_factor_removed")
def _second_factor_removed(body: Body, words: Words) -> str:
    return _("Account %(account)s removed its second factor.") % with_days(body)
