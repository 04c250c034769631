"""What passports put on a desk: a paper that ends, a change that waits for a second person, a group
that asks for a sponsor; and the way to all passports."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.organisations import rules
from doorstep.apps.organisations.models import ChangeState, Document, MandateChange, Sponsorship
from doorstep.apps.organisations.queries import spoken_for
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import said_day
from doorstep.engine.rulebook import rule


@desk.register
def papers_that_end(account: Account) -> list[desk.DeskItem]:
    """Papers that end soon or have ended, of the groups an account speaks for; two statements."""
    today = timezone.localdate()
    mine = {body.pk: body for body in spoken_for(account, today)}
    days = int(rule("passport.expiry_warned_before", today).value)
    given = list(Document.objects.filter(organisation__in=mine)) if mine else []
    found = []
    for pk, body in mine.items():
        own = [one for one in given if one.organisation_id == pk]
        for kind in Document.Kind.values:
            paper = rules.standing(own, kind, today, warned_before=days)
            if paper.standing not in {rules.Standing.SOON, rules.Standing.EXPIRED}:
                continue
            assert paper.document is not None
            assert paper.document.expires is not None
            found.append(
                desk.DeskItem(
                    title=_("Renew the %(paper)s of %(body)s")
                    % {"paper": Document.Kind(kind).label, "body": body.name},
                    url=reverse("passport-papers", args=[body.slug]),
                    text=_("Its last day is %(day)s.") % {"day": said_day(paper.document.expires)},
                    due=paper.document.expires,
                )
            )
    return found


@desk.register
def changes_to_confirm(account: Account) -> list[desk.DeskItem]:
    """New bank details that another officer asked for."""
    today = timezone.localdate()
    waiting = MandateChange.objects.filter(
        organisation__in=spoken_for(account, today), state=ChangeState.WAITING, last_day__gte=today
    ).exclude(asked_by=account)
    return [
        desk.DeskItem(
            title=_("Confirm or refuse the new bank details of %(body)s")
            % {"body": change.organisation.name},
            url=reverse("passport-bank", args=[change.organisation.slug]),
            text=_("Somebody else asked for them. Check them with the bank’s own paper."),
            due=change.last_day,
        )
        for change in waiting.select_related("organisation")
    ]


@desk.register
def groups_that_ask(account: Account) -> list[desk.DeskItem]:
    """Groups that ask an organisation of this account to stand for them."""
    today = timezone.localdate()
    asked = Sponsorship.objects.filter(
        sponsor__in=spoken_for(account, today), since=None, until=None
    )
    return [
        desk.DeskItem(
            title=_("%(group)s asks %(sponsor)s to stand for it")
            % {"group": one.group.name, "sponsor": one.sponsor.name},
            url=reverse("passport-sponsor", args=[one.sponsor.slug]),
            text=_("You would hold its money and lend it your papers."),
        )
        for one in asked.select_related("group", "sponsor")
    ]


@desk.leads
def passports(account: Account) -> list[desk.Way]:
    return [desk.Way(_("Passports of groups"), reverse("passports"))]
