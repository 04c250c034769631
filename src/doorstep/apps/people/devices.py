"""Where an account is signed in: seen by its owner, and ended at once."""

import re
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doorstep.apps.people.models import Account, Device

# What a browser calls itself, the first that fits: others name Chrome and Safari too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = gettext_noop("another program")


def name_of(agent: str) -> str:
    """ "Firefox on Android", out of the much longer line that a browser sends."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system or UNKNOWN


def told(name: str) -> str:
    """The kept name in the reader's language."""
    browser, on, system = name.partition(" on ")
    if on:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return _("another program") if name == UNKNOWN else name


def note_visit(request: HttpRequest) -> None:
    """That this session is alive; called about once a minute, not at every request."""
    key = request.session.session_key
    account = request.user
    if not key or not isinstance(account, Account):
        return
    if not Device.objects.filter(session=key, account=account).update(seen_at=timezone.now()):
        name = name_of(request.headers.get("User-Agent", ""))
        Device.objects.create(account=account, session=key, name=name)


def renew(request: HttpRequest) -> None:
    """Give this session another key, and end the one that it had: whoever knew that one is out.

    The device stays the one that its owner knows.
    """
    before = request.session.session_key
    request.session.cycle_key()
    if before:
        Device.objects.filter(session=before).update(session=request.session.session_key)


def alive(account: Account) -> list[Device]:
    """The sessions of an account that still open something, the latest first."""
    devices = list(Device.objects.filter(account=account).order_by("-seen_at", "-pk"))
    store = _store()
    dead = [device.pk for device in devices if not store.exists(device.session)]
    if dead:
        Device.objects.filter(pk__in=dead).delete()
    return [device for device in devices if device.pk not in dead]


def end(device: Device) -> None:
    """End one session: the next request with its cookie is a stranger's."""
    _store().delete(device.session)
    device.delete()


def end_others(account: Account, but: str | None) -> None:
    """End every session of an account but the one with this key."""
    for device in Device.objects.filter(account=account).exclude(session=but or ""):
        end(device)


def _store():
    return import_module(settings.SESSION_ENGINE).SessionStore()
