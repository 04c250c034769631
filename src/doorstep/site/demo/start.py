"""`doorstep demo`: Millbrook on this machine, with its sign-ins printed."""

from collections.abc import Iterator

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import role_name
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.publishing import publish
from doorstep.apps.refused import Refused
from doorstep.site.demo.load import is_loaded, load, plan
from doorstep.site.management import migrate
from doorstep.site.server import serve


def start(host: str, port: int, processes: int) -> None:
    """Migrate, load Millbrook if it is not here, print how to get in, and serve until stopped."""
    migrate()
    codes = []
    if not is_loaded():
        print("Loading Millbrook …", flush=True)
        codes = load()
    sign_the_record()
    print("\n".join(welcome(f"http://{host}:{port}/", codes)), flush=True)
    serve(host, port, processes)


def sign_the_record() -> None:
    """Millbrook's record is signed like a real one, so that anybody can try to catch it lying."""
    if not settings.RECORD_KEYS.exists():
        make_keys(settings.ADDRESS)
    try:
        publish()
    except Refused as refusal:
        print(f"The record is not published: {refusal}", flush=True)


def welcome(address: str, codes: list[str]) -> Iterator[str]:
    """What is printed once the demo is ready."""
    yield f"\nMillbrook is open at {address}\n"
    yield f"To sign in, give one of these addresses at {address}accounts/login/"
    yield (
        "and type the code that is sent to it; it appears in this window."
        if "console" in settings.EMAIL_BACKEND
        else "and type the code that is sent to it."
    )
    yield "Roles that move money also ask for a code from an authenticator app. Add the secret to"
    yield "one, or let `./doorstep totp SECRET` say the code.\n"
    secrets = totp_secrets()
    for person in plan()["people"]:
        role = role_name(person["role"])
        secret = secrets.get(person["email"], "")
        yield f"  {person['email']:<34} {role:<20} {secret}"
    if codes:
        yield f"\nTo vote, type one of these codes at {address}vote/ – each counts once, and they"
        yield "are printed this once only:\n"
        yield from (f"  {code}" for code in codes)
    yield "\nStop with Ctrl-C. Everything is kept for the next start.\n"


def totp_secrets() -> dict[str, str]:
    """{address: TOTP secret} of the demo's accounts, read from where sign-in reads them."""
    emails = [person["email"] for person in plan()["people"]]
    accounts = Account.objects.filter(email__in=emails)
    factors = Authenticator.objects.filter(user__in=accounts, type=Authenticator.Type.TOTP)
    return {
        factor.user.email: get_adapter().decrypt(factor.data["secret"])
        for factor in factors.select_related("user")
    }
