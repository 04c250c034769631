"""Calendars: everything somebody owes, at an address that only they know and that they can end."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.promises.models import Feed, new_secret
from doorstep.apps.promises.queries import Shown, desk_of, desk_of_body, offices_of
from doorstep.apps.refused import Refused

MOST_FEEDS = 10


@transaction.atomic
def open_feed(account: Account, organisation: Organisation | None = None) -> str:
    """A new secret address; it is shown this once. Refused from the eleventh that is still open."""
    standing = Feed.objects.filter(account=account, ended_at=None)
    if standing.count() >= MOST_FEEDS:
        raise Refused(
            _("You have %(most)s calendar addresses. End one that you do not use.")
            % {"most": MOST_FEEDS},
            code="feeds",
        )
    secret = new_secret()
    Feed.objects.create(account=account, organisation=organisation, fingerprint=_hashed(secret))
    return secret


def end_feed(account: Account, pk: int) -> None:
    """The address leads nowhere from now on. Ended twice, it is ended once."""
    mine = Feed.objects.filter(account=account, pk=pk, ended_at=None)
    mine.update(ended_at=timezone.now())


def feed_of(secret: str) -> Feed | None:
    """Whose calendar an address is; None for one that never was, or was ended."""
    found = Feed.objects.filter(fingerprint=_hashed(secret), ended_at=None)
    return found.select_related("account", "organisation").first()


def calendar_of(feed: Feed, site: str) -> bytes:
    """What its account owes now, or its organisation while it speaks for it, as iCalendar."""
    today = timezone.localdate()
    if feed.organisation is None:
        desk, name = desk_of(feed.account, today), _("What I owe")
    elif feed.organisation in offices_of(feed.account, today):
        desk, name = desk_of_body(feed.organisation, today), feed.organisation.name
    else:
        return written([], feed.organisation.name, site, timezone.now())
    waiting = [*desk.due, *desk.nobody, *desk.later]
    return written(waiting, name, site, timezone.now())


def written(waiting: Iterable[Shown], name: str, site: str, now: datetime) -> bytes:
    """RFC 5545: one event for each, on its whole last day. `site` begins every address."""
    calendar = Calendar()
    calendar.add("prodid", "-//Doorstep//promises//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for one in waiting:
        event = Event()
        event.add("uid", f"promise-{one.promise.pk}@{site.partition('://')[2].strip('/')}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", one.promise.due_on)
        event.add("dtend", one.promise.due_on + timedelta(days=1))
        event.add("summary", one.about.title)
        event.add("description", f"{one.body}: {one.word.said}")
        event.add("url", urljoin(site, reverse("promises:work", args=[one.promise.pk])))
        # A due day is no appointment: it keeps nobody from being invited elsewhere.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
