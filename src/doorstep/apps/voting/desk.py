"""What voting puts on the desk of a trustee: the next step of their own device, and the recount."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.rounds.models import BallotBox, Publication, Recount, Round
from doorstep.apps.voting.models import Trustee
from doorstep.apps.voting.trusteeship import step, trusteeships


@desk.register
def steps_of_a_trustee(owner: Owner) -> Iterator[Told]:
    """What waits for this account as a trustee, and the page of each trusteeship that is not over;
    one statement."""
    titles = {
        "make-key": _("Make your key for “%(title)s”"),
        "make-round-key": _("Make the key of “%(title)s”"),
        "try-key": _("Try your key for “%(title)s”"),
        "hand-on": _("Hand on your half of the key of “%(title)s”"),
        "open": _("Open the box of “%(title)s”"),
        "destroy": _("Delete your key for “%(title)s”"),
    }
    for one in trusteeships().filter(account=owner.account):
        todo, name = step(one), {"title": one.round.title.text or one.round.slug}
        url = reverse("voting:trustee", args=[one.round.slug])
        if todo in titles:
            yield desk.DeskItem(
                title=titles[todo] % name,
                url=url,
                text=_("You are one of three trustees. Use the device that holds your key."),
                due=_opens(one.round)
                if todo in {"make-key", "make-round-key", "try-key"}
                else None,
            )
        if todo != "over":
            yield desk.Way(_("Trustee of “%(title)s”") % name, url)


def _to_recount(owner: Owner) -> QuerySet[Trustee]:
    mine = Recount.objects.filter(round=OuterRef("round"), signer=owner.account)
    waiting = Trustee.objects.filter(
        ~Exists(mine),
        account=owner.account,
        round__terms__publication=Publication.AGGREGATE,
        round__box__form=BallotBox.Form.BALLOTS,
        round__counted__isnull=False,
    ).exclude(round__box__packed=b"")
    return desk.row(waiting, slug="round__slug", title="round__title__text")


@desk.each(_to_recount)
def recounts(row: Row, owner: Owner) -> Iterator[Told]:
    """Votes of which only totals are published, for the trustees who count them again."""
    yield desk.DeskItem(
        title=_("Count “%(title)s” again, and sign") % {"title": row["title"] or row["slug"]},
        url=reverse("voting:recount", args=[row["slug"]]),
        text=_("When two find the same, the ballots are destroyed and the result stands."),
    )


def _opens(round_: Round) -> date:
    return timezone.localdate(round_.terms.opens_at)
