"""`{% load ledger %}`: the rows of a ledger page.

Built as one string, because 200 rows through the template engine cost ten times as much. All
words in a row are escaped here, and so are the names of what it is about.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from django import template
from django.urls import reverse
from django.utils.dateformat import format as written
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.apps.ledger.queries import Entry
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.ledger.telling import kind_words, names_in, subject

register = template.Library()


@cache
def _words(kind: str, language: str | None) -> str:
    return escape(kind_words(kind))


@register.simple_tag
def entry_table(entries: Sequence[Entry], caption: str) -> SafeString:
    """Entries as a table: number, what happened to what, day, and the sum with its direction."""
    language = get_language()
    codes = (code for entry in entries for code in (entry.debit, entry.credit))
    names = names_in(codes, ("round", "award"))
    address = reverse("ledger:entry", args=[0]).removesuffix("0/")
    day, amount = escape(_("Day")), escape(_("Sum"))
    days: dict[date, str] = {}
    signs = {
        (True, False): escape(_("in")),
        (False, True): escape(_("out")),
        (False, False): "",
    }
    taken, back = escape(_("taken back by entry %s")), escape(_("takes back entry %s"))
    rows = []
    for entry in entries:
        on = days.get(entry.effective_on)
        if on is None:
            on = days[entry.effective_on] = escape(written(entry.effective_on, "j F Y"))
        words = _words(entry.kind, language)
        if about := subject(entry.debit, entry.credit, names):
            words += f": {escape(about)}"
        if entry.reverses is not None:
            words += f" ({back % entry.reverses})"
        elif entry.reversed_by is not None:
            words += f" ({taken % entry.reversed_by})"
        sign = signs[entry.inward, entry.outward]
        rows.append(
            f'<tr role="row"><th scope="row" role="rowheader"><a href="{address}{entry.seq}/">'
            f'{entry.seq}</a> {words}</th><td role="cell" class="when" data-label="{day}">{on}</td>'
            f'<td role="cell" data-label="{amount}" class="number">{pounds(entry.pence)}'
            f"{' ' + sign if sign else ''}</td></tr>"
        )
    return mark_safe(  # noqa: S308 (every part above is a number or escaped)
        f'<table class="cards" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">'
        f'{escape(_("Entry"))}</th><th scope="col" role="columnheader">{day}</th>'
        f'<th scope="col" role="columnheader" class="number">{amount}</th></tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


register.filter("pounds", pounds)
