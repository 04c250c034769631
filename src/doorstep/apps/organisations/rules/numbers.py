"""Pure questions about an organisation's numbers: is this one written as its register writes it?"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doorstep.apps.refused import Refused

# The registers' own forms, by the scheme codes of org-id.guide. A form that is right does not
# prove that the number was ever given out; only the register can say that.
_FORMS: dict[str, tuple[str, str]] = {
    "GB-CHC": (r"[0-9]{6,7}(?:-[0-9]{1,3})?", gettext_noop("6 or 7 figures, such as 1234567")),
    "GB-COH": (
        r"(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z])",
        gettext_noop("8 characters, such as 01234567 or SC123456"),
    ),
    "GB-SC": (r"SC[0-9]{6}", gettext_noop("SC and 6 figures, such as SC012345")),
    "GB-NIC": (r"[0-9]{6}", gettext_noop("6 figures, such as 100123")),
    "GB-MPR": (
        r"[0-9]{1,5}R?",
        gettext_noop("up to 5 figures and perhaps an R, such as 8123 or 27654R"),
    ),
    "GB-LAE": (r"[A-Z]{3}", gettext_noop("3 letters, such as BIR")),
    "GB-REV": (
        r"[A-Z]{1,2}[0-9]{1,5}",
        gettext_noop("1 or 2 letters and up to 5 figures, such as XN12345 or CH10123"),
    ),
}
# Where a body of a kind stands, any one of these; nowhere for the kinds that are not named.
_REGISTERS: dict[str, tuple[str, ...]] = {
    "charity": ("GB-CHC", "GB-SC", "GB-NIC", "GB-REV"),
    "cio": ("GB-CHC", "GB-SC", "GB-NIC"),
    "clg": ("GB-COH",),
    "cic": ("GB-COH",),
    "cbs": ("GB-MPR",),
    "casc": ("GB-REV",),
    "council": ("GB-LAE",),
}


def registers_of(kind: str) -> tuple[str, ...]:
    """On which registers a body of this kind stands; one is enough. Empty for a group of
    neighbours, which stands on none."""
    return _REGISTERS.get(kind, ())


def written_identifier(scheme: str, value: str) -> str:
    """A register number in its register's form, or Refused: " nic 100123" gives "100123"."""
    if scheme not in _FORMS:
        raise Refused(
            _("“%(scheme)s” is not a register we know. Use one of %(known)s.")
            % {"scheme": scheme, "known": ", ".join(_FORMS)},
            code="identifier_scheme",
        )
    plain = re.sub(r"\s", "", value).upper().removeprefix(f"{scheme}-")
    if scheme == "GB-COH" and plain.isascii() and plain.isdigit():
        plain = plain.zfill(8)  # People leave off the noughts that Companies House prints.
    if scheme == "GB-NIC":
        plain = plain.removeprefix("NIC")
    if scheme == "GB-MPR" and (society := re.fullmatch(r"(?:IP|SP|RS)0*([0-9]+R?)", plain)):
        plain = society[1]  # As Companies House lists the same society.
    form, said = _FORMS[scheme]
    if not re.fullmatch(form, plain, re.ASCII):
        raise Refused(
            _("“%(value)s” is not a number of %(scheme)s: it has %(said)s. Check it for slips.")
            % {"value": value, "scheme": scheme, "said": _(said)},
            code="identifier_form",
        )
    return plain


def written_bank_number(sort_code: str, account_number: str) -> tuple[str, str]:
    """Six and eight figures without spaces or hyphens, or Refused.

    The refusal never repeats what was typed: its words may reach a page or a log.
    """
    code, number = (re.sub(r"[\s-]", "", text) for text in (sort_code, account_number))
    if not re.fullmatch(r"[0-9]{6}", code, re.ASCII):
        raise Refused(_("A sort code has 6 figures, such as 01-02-03. Check it."), code="sort_code")
    if not re.fullmatch(r"[0-9]{8}", number, re.ASCII):
        raise Refused(
            _("An account number has 8 figures. If yours has 7, put a 0 in front."),
            code="account_number",
        )
    return code, number
