"""A print run as PDF: letters for window envelopes, or cards to cut out for desk and door.

Each carries its code in clear, so what these functions return is streamed once and kept nowhere.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.printing import Sheet
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.codes import Code
from doorstep.apps.voting.models import Channel

CARD_MM = 88.0
TAGS = {"en": "en-gb", "cy": "cy"}


def run_as_pdf(round_: Round, channel: str, letters: Iterable[tuple[Code, str]]) -> bytes:
    """The whole run, in its order, in every language that the round chose."""
    tags = [TAGS[language] for language in round_.terms.languages]
    with translation.override(tags[0]):
        sheet = Sheet(tags[0], _("Codes to vote with"), numbered=False)
    if channel == Channel.LETTER:
        _letters(sheet, round_, tags, letters)
    else:
        _cards(sheet, round_, tags, letters)
    return sheet.bytes()


def _letters(
    sheet: Sheet, round_: Round, tags: list[str], letters: Iterable[tuple[Code, str]]
) -> None:
    """One sheet a letter: the address shows in the window, a second language is on the back."""
    begun = False
    for code, address in letters:
        for side, tag in enumerate(tags):
            if begun:
                sheet.new_page()
            begun = True
            with translation.override(tag):
                if side == 0:
                    sheet.address(address.split("\n"))
                _letter(sheet, round_, code)


def _letter(sheet: Sheet, round_: Round, code: Code) -> None:
    sheet.heading(_("Your vote: %(title)s") % {"title": round_.title.text}, 2)
    sheet.paragraph(
        _("You and your neighbours decide what %(pot)s does in %(place)s. %(when)s")
        % {
            "pot": pounds(round_.budget_pence),
            "place": round_.place.name,
            "when": _when(round_),
        }
    )
    sheet.paragraph(_("Your code, for one person:"), bold=True)
    sheet.big(code.printed, 24)
    sheet.qr(address_of(code), side=34, caption=_scan(), align="center")
    sheet.items(
        [
            _("You need no account, and nobody is told how you voted."),
            _("You can change your vote until voting ends. The last one counts."),
            _("Others in your home vote too: each gets a code of their own at the desk."),
            _("You can vote on paper at the desk. Bring this letter. Lost? Ask there too."),
        ]
    )


def _cards(
    sheet: Sheet, round_: Round, tags: list[str], letters: Iterable[tuple[Code, str]]
) -> None:
    for number, (code, _address) in enumerate(letters):
        if number and sheet.left < CARD_MM:
            sheet.new_page()
        for tag in tags:
            with translation.override(tag):
                sheet.paragraph(
                    f"{round_.place.name}: {round_.title.text}\n{_when(round_)}", bold=True
                )
        sheet.big(code.printed, 20)
        with translation.override(tags[0]):
            caption = _scan()
        sheet.qr(address_of(code), side=26, caption=caption, align="center")
        sheet.rule()


def address_of(code: Code) -> str:
    """What the QR code says. The site redirects it at once and writes it down nowhere."""
    return f"{settings.ADDRESS}/v/{code.printed}"


def _scan() -> str:
    return _("Scan this, or type the code at %(address)s") % {
        "address": f"{settings.ADDRESS}/vote/"
    }


def _when(round_: Round) -> str:
    opens, closes = (
        timezone.localtime(at) for at in (round_.terms.opens_at, round_.terms.closes_at)
    )
    return _("Vote from %(first)s to %(last)s.") % {
        "first": written(opens, "j F"),
        "last": written(closes, "j F Y, H:i"),
    }
