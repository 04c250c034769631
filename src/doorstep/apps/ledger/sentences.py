"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import Body, Words, names, tells

from .rules import pounds
from .telling import account_words, kind_words, names_in


@names("code")
def _names(codes: set[str]) -> dict[str, str]:
    known = names_in(codes)
    return {code: account_words(code, known) for code in codes}


@tells("ledger.journal", group=gettext_lazy("Money"))
def _journal(body: Body, words: Words) -> str:
    total = sum(pence for _debit, _credit, pence in body["lines"])
    told = _("%(what)s: %(sum)s.") % {"what": kind_words(body["entry"]), "sum": pounds(total)}
    if "reverses" in body:
        told += " " + _("It takes back entry %(number)s.") % {"number": body["reverses"]}
    if "memo" in body:
        told += f" “{words(body['memo'])}”"
    return told


@tells("ledger.account")
def _account(body: Body, words: Words) -> str:
    return _("An account was opened: %(account)s.") % {"account": body["code"]}
