"""What the three trustees are told, each in their own language and at once: nobody else can do
what they are asked for."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.outbox.actions import language_of, tell
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.models import Trustee


def invite(round_: Round, trustees: Iterable[Trustee]) -> None:
    """They are named, and make a key each. Named again on the same day, they are told once."""
    opens = timezone.localdate(round_.terms.opens_at)

    def words() -> tuple[str, str]:
        return (
            _("Make your key for the vote “%(title)s”") % {"title": _title(round_)},
            _(
                "You were named as one of three trustees. After the vote, any two of you together "
                "open its box; nobody can do it alone. Sign in with this address and make your "
                "key, on a device that you keep, before %(day)s. If you did not agree to this, "
                "tell the partnership."
            )
            % {"day": said_day(opens)},
        )

    _tell(round_, trustees, words, f"named {timezone.localdate()}")


def voting_ended(round_: Round) -> None:
    """The box is shut: each hands on their half, and opens with what another handed on."""

    def words() -> tuple[str, str]:
        return (
            _("Hand on your half of the key: “%(title)s”") % {"title": _title(round_)},
            _(
                "Voting has ended, and the box is shut. Open your page on the device that holds "
                "your key, and hand on your half. When another trustee has done the same, you can "
                "open the box there."
            ),
        )

    trustees = Trustee.objects.filter(round=round_).select_related("account")
    _tell(round_, trustees, words, "ended")


def box_opened(round_: Round) -> None:
    """The keys have done their work. What is left of them could open a copy of the box."""

    def words() -> tuple[str, str]:
        return (
            _("Delete your key: “%(title)s”") % {"title": _title(round_)},
            _(
                "The box is open, and your key is of no more use. Open your page on the device "
                "that holds it, and delete it there; delete the backup file too, if you saved "
                "one. Then nobody can ever open a copy of the envelopes."
            ),
        )

    trustees = Trustee.objects.filter(round=round_).select_related("account")
    _tell(round_, trustees, words, "opened")


def _tell(
    round_: Round, trustees: Iterable[Trustee], words: Callable[[], tuple[str, str]], key: str
) -> None:
    for trustee in trustees:
        address = trustee.account.email
        try:
            with translation.override(language_of(address)):
                subject, text = words()
            tell(
                address,
                subject=subject,
                text=text,
                topic="trustees",
                key=f"trustee {round_.slug} {trustee.account_id} {key}",
                link=reverse("voting:trustee", args=[round_.slug]),
                at_once=True,
            )
        except Refused:
            # An account whose address takes no messages must not hold up the end of a vote: its
            # desk says the same.
            continue


def _title(round_: Round) -> str:
    return round_.title.text or round_.slug
