"""Letters on paper: printed by a worker of the place, in runs, and marked once they are posted."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox.models import Message
from doorstep.apps.outbox.queries import letters
from doorstep.apps.outbox.sending import address_of, words_of
from doorstep.apps.places.models import Place
from doorstep.apps.printing import Sheet
from doorstep.apps.refused import Refused

MOST_IN_A_RUN = 500


@transaction.atomic
def print_run(place: Place) -> bytes:
    """A PDF of what waits, each letter on pages of its own. Printed again until it is posted."""
    waiting = [one for one in letters(place).order_by("pk")[:MOST_IN_A_RUN] if _readable(one)]
    if not waiting:
        raise Refused(_("No letters wait to be printed."), code="no_letters")
    printed = _as_pdf(waiting)
    Message.objects.filter(pk__in=[one.pk for one in waiting]).update(printed_at=timezone.now())
    return printed


@transaction.atomic
def mark_posted(place: Place) -> int:
    """The run that was printed is in the post; how many letters that were. None the second time."""
    return (
        Message.objects.filter(pk__in=letters(place).values("pk"))
        .filter(printed_at__isnull=False)
        .update(state=Message.State.SENT, ended_at=timezone.now())
    )


def _readable(message: Message) -> bool:
    """Whether the secret that sealed it is still here; if not, it has failed."""
    try:
        words_of(message), address_of(message.contact)
    except SealError:
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.FAILED, ended_at=timezone.now(), reason="unreadable"
        )
        return False
    return True


def _as_pdf(waiting: Sequence[Message]) -> bytes:
    sheet = Sheet(translation.get_language() or "en-gb", _("Letters"), numbered=False)
    for number, message in enumerate(waiting):
        if number:
            sheet.new_page()
        words = words_of(message)
        sheet.address(address_of(message.contact).text.splitlines())
        sheet.heading(words.subject, 2)
        for part in words.text.split("\n\n"):
            if part.strip():
                sheet.paragraph(part.strip())
        if words.link:
            link = settings.ADDRESS + words.link if words.link.startswith("/") else words.link
            sheet.qr(link, side=30)
            sheet.small(link)
    return sheet.bytes()
