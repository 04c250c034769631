"""Run as a process of its own by test_production_is_locked_down.py, with the settings of a site
that is served over https: prints what the checks of Django say, and what each page answers."""

import json
from datetime import date
from http.cookies import SimpleCookie
from io import StringIO

import django

django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from doorstep.apps.people.actions import give_role, open_account  # noqa: E402
from doorstep.apps.record.actors import Actor  # noqa: E402
from doorstep.apps.voting import visits  # noqa: E402
from doorstep.site.server import prepare_static  # noqa: E402
from tests.apps.voting.polling import DURING, running  # noqa: E402

PAGES = ("/", "/accounts/login/", "/vote/", "/record/", "/no/such/page/", "/healthz", "/desk/")


def asked(client: Client, address: str, **form: str) -> dict[str, object]:
    send = client.post if form else client.get
    answer = send(address, form, secure=True)
    return {"status": answer.status_code, "headers": dict(answer.headers)}


def cookies(client: Client) -> dict[str, dict[str, object]]:
    kept: SimpleCookie = client.cookies
    return {name: dict(morsel) for name, morsel in kept.items()}


def voted() -> dict[str, dict[str, dict[str, object]]]:
    """The cookies of a voter: while the ballot is open, and what takes them away afterwards."""
    with time_machine.travel(DURING, tick=False):
        code = running().codes[0].printed
        voter = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0], headers={"Origin": settings.ADDRESS})
        asked(voter, "/vote/", code=code)
        asked(voter, "/vote/ballot/")
        while_open = cookies(voter)
        assert visits.of(voter.get("/vote/ballot/", secure=True).wsgi_request) is not None
        asked(voter, "/vote/leave/", done="yes")
    return {"open": while_open, "left": cookies(voter)}


def main() -> None:
    said = StringIO()
    call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    call_command("migrate", verbosity=0)
    prepare_static()
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0], headers={"Origin": settings.ADDRESS})
    pages = {address: asked(client, address) for address in PAGES}
    asked(client, "/language/", language="cy", next="/")
    by = Actor("system", "test")
    account = open_account("somebody@example.org", actor=by)
    give_role(account, "finance_officer", since=date(2020, 1, 1), actor=by)
    client.force_login(account)
    assert client.session[SESSION_KEY] == str(account.pk)
    pages["/desk/"] = asked(client, "/desk/")
    asked(client, "/bank/")  # notes in the session what was wanted, and so writes its cookie
    stranger = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    asked(stranger, "/desk/")  # is sent to sign in, with a sentence that waits in a cookie
    asked(stranger, "/accounts/login/")
    asked(stranger, "/desk/")
    plain = stranger.get("/", secure=False)
    print(
        json.dumps(
            {
                "check": said.getvalue(),
                "pages": pages,
                "cookies": cookies(client) | cookies(stranger),
                "voter": voted(),
                "http": [plain.status_code, plain.headers.get("Location", "")],
            }
        )
    )


main()
