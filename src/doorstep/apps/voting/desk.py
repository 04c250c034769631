"""What voting puts on the desk of a trustee: the next step of their own device, and the recount."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people import desk
from doorstep.apps.people.models import Account
from doorstep.apps.rounds.models import BallotBox, Publication, Recount, Round
from doorstep.apps.voting.models import Trustee
from doorstep.apps.voting.trusteeship import step, trusteeships


@desk.register
def steps_of_a_trustee(account: Account) -> list[desk.DeskItem]:
    """What waits for this account as a trustee; nothing while it waits for others."""
    titles = {
        "make-key": _("Make your key for “%(title)s”"),
        "make-round-key": _("Make the key of “%(title)s”"),
        "try-key": _("Try your key for “%(title)s”"),
        "hand-on": _("Hand on your half of the key of “%(title)s”"),
        "open": _("Open the box of “%(title)s”"),
        "destroy": _("Delete your key for “%(title)s”"),
    }
    items = []
    for one in trusteeships().filter(account=account):
        todo = step(one)
        if todo in titles:
            items.append(
                desk.DeskItem(
                    title=titles[todo] % {"title": _title(one.round)},
                    url=reverse("voting:trustee", args=[one.round.slug]),
                    text=_("You are one of three trustees. Use the device that holds your key."),
                    due=_opens(one.round) if todo in {"make-key", "make-round-key", "try-key"}
                    else None,
                )
            )  # fmt: skip
    return items


@desk.register
def recounts(account: Account) -> list[desk.DeskItem]:
    """Votes of which only totals are published, for the trustees who count them again."""
    mine = Recount.objects.filter(round=OuterRef("round"), signer=account)
    waiting = (
        Trustee.objects.filter(
            ~Exists(mine),
            account=account,
            round__terms__publication=Publication.AGGREGATE,
            round__box__form=BallotBox.Form.BALLOTS,
            round__counted__isnull=False,
        )
        .exclude(round__box__packed=b"")
        .select_related("round__title")
    )
    return [
        desk.DeskItem(
            title=_("Count “%(title)s” again, and sign") % {"title": _title(one.round)},
            url=reverse("voting:recount", args=[one.round.slug]),
            text=_("When two find the same, the ballots are destroyed and the result stands."),
        )
        for one in waiting
    ]


@desk.leads
def trustee_pages(account: Account) -> list[desk.Way]:
    """The page of each trusteeship that is not over."""
    return [
        desk.Way(
            _("Trustee of “%(title)s”") % {"title": _title(one.round)},
            reverse("voting:trustee", args=[one.round.slug]),
        )
        for one in trusteeships().filter(account=account)
        if step(one) != "over"
    ]


def _title(round_: Round) -> str:
    return round_.title.text or round_.slug


def _opens(round_: Round) -> date:
    return timezone.localdate(round_.terms.opens_at)
