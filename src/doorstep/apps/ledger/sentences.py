"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import Body, Words, tells

from .rules import pounds
from .telling import account_words, kind_words


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
    return _("An account was opened: %(account)s.") % {"account": account_words(body["code"])}
