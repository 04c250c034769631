"""How a passport's papers and registers are said on a page."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import Document, Identifier
from doorstep.apps.organisations.queries import Passport
from doorstep.apps.organisations.rules import Paper, Standing
from doorstep.apps.people.spells import said_day


class Shown(NamedTuple):
    """One kind of paper: its name, the word and tone of its state, and a sentence."""

    paper: Paper
    name: str
    word: str
    tone: str
    said: str


def shown_papers(passport: Passport) -> list[Shown]:
    """Every kind of paper as it counts on the day, a sponsor's where the group has none."""
    return [_shown(passport, kind) for kind in Document.Kind]


def _shown(passport: Passport, kind: Document.Kind) -> Shown:
    paper, name = passport.paper(kind), str(kind.label)
    if paper in passport.lent and passport.sponsor is not None:
        said = _("%(sponsor)s lends its own.") % {"sponsor": passport.sponsor.name}
        return Shown(paper, name, _("Held by the sponsor"), "good", said)
    document = paper.document
    if document is None:
        return Shown(paper, name, _("Not there"), "plain", _("It is asked for only where needed."))
    of = _("Of %(day)s.") % {"day": said_day(document.issued)}
    if document.expires is None:
        return Shown(paper, name, _("Held"), "good", of)
    last = _("Its last day is %(day)s.") % {"day": said_day(document.expires)}
    if paper.standing == Standing.EXPIRED:
        was = _("Its last day was %(day)s.") % {"day": said_day(document.expires)}
        return Shown(paper, name, _("Expired"), "stopped", f"{of} {was}")
    if paper.standing == Standing.SOON:
        return Shown(paper, name, _("Ends soon"), "waiting", f"{of} {last}")
    return Shown(paper, name, _("Held"), "good", f"{of} {last}")


def registers(schemes: Iterable[str]) -> list[str]:
    """The names of the registers of these schemes."""
    return [str(Identifier.Scheme(scheme).label) for scheme in schemes]
