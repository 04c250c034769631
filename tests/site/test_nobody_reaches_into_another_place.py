"""Every address, with every role, held here and held elsewhere: nobody reads or changes what
belongs to another place, partnership or organisation. The list comes from the URLconf, so a new
address is tried too; without an object to try it on, the test says what to add."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.rules import MONEY_ROLES
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.boxes import DURING
from tests.site.estate import SECRETS, SHOWN_TO_SOME, Estate, estate
from tests.site.gaps import NOTHING_OF_OTHERS, OWN, SAMPLES
from tests.site.test_routes import every_view

GAP = re.compile(r"<(?:\w+:)?(\w+)>")
# What changes by being asked: who is signed in, and how often something was tried.
NOT_OURS = {"sessions", "limits", "django_tasks_db"}
NOTED = {"people.Device", "people.Noted"}  # that they were here, and what they were refused
# Pages of one's own, for whoever is signed in: shown to all, with each one's own things. An
# address with a gap is about one thing of one person, and nobody else's.
EVERYBODYS = ("desk/", "accounts/")
# Forms that whoever is signed in may begin: nothing of anybody stands in them.
OPEN_TO_ACCOUNTS = ("forms/<slug:slug>/begin/", "places/<slug:slug>/quick-money/ask/")
SAID_NO = {403, 404}


@dataclass(frozen=True)
class Route:
    address: str
    kinds: frozenset[str]  # the roles that open it; empty for public pages and for any account
    guard: str
    at_a_place: bool
    everywhere: bool = False  # the role must be held for all places

    @property
    def acts_first(self) -> str:
        """The role in which somebody acts here who holds all of them."""
        return self.guard.split()[0] if self.kinds else ""

    def filled(self, samples: dict[str, object]) -> str:
        return "/" + GAP.sub(lambda gap: str(samples[gap[1]]), self.address)


def routes() -> Iterator[Route]:
    for address, view in every_view(get_resolver().url_patterns):
        guard = getattr(view, "guarded", "")
        kinds = frozenset(guard.split()) & frozenset(Role.Kind.values)
        at_a_place, everywhere = (
            getattr(view, name, False) for name in ("at_a_place", "everywhere")
        )
        yield Route(address, kinds, guard, at_a_place, everywhere)


ROUTES = sorted(routes(), key=lambda route: route.address)
GUARDED = [route for route in ROUTES if route.guard != "public"]

pytestmark = pytest.mark.django_db


def samples_for(route: Route, made: Estate) -> dict[str, object]:
    """What fills the gaps of an address: the entry of `SAMPLES` with the longest beginning."""
    begins = max((one for one in SAMPLES if route.address.startswith(one)), key=len)
    found = SAMPLES[begins](made)
    missing = [gap[1] for gap in GAP.finditer(route.address) if gap[1] not in found]
    assert not missing, (
        f"/{route.address} is about something that no test has made ({', '.join(missing)}). "
        "In tests/site/estate.py, let estate() make one in the first place, and in tests/site/"
        "gaps.py add to SAMPLES: "
        f'"{route.address}": lambda e: {{{", ".join(f"{gap!r}: e.…" for gap in missing)}}}.'
    )
    return found


def client_of(account: Account | None, *, second_factor: bool = True) -> Client:
    client = Client(raise_request_exception=False)
    if account is not None:
        sign_in(client, account, second_factor=second_factor)
    return client


@pytest.fixture
def made() -> Iterator[Estate]:
    built = estate()
    with time_machine.travel(DURING):
        yield built


def everything() -> dict[str, str]:
    """A mark of every table of ours, to see that nothing was changed."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in NOT_OURS and model._meta.label not in NOTED:
            rows = sorted(repr(row) for row in model._base_manager.values_list())
            found[model._meta.label] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def body(answer) -> str:
    return (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace")


def told(answer) -> list[str]:
    """The secrets of the first place that an answer holds."""
    said = body(answer)
    return [secret for secret in SECRETS if secret in said]


def asked(client: Client, address: str):
    """The address, opened and then sent a form."""
    for method in (client.get, client.post):
        yield method.__name__.upper(), method(address)


def refusals(made: Estate, route: Route) -> Iterator[tuple[str, Client]]:
    """Everybody whom this address must turn away, by what they are."""
    yield "a stranger", CLIENTS["stranger"]
    if route.address in OPEN_TO_ACCOUNTS:
        return
    if not route.address.startswith(EVERYBODYS) or GAP.search(route.address):
        yield "an account without a role", CLIENTS["nobody"]
        yield "the treasurer of another organisation", CLIENTS["treasurer"]
        for kind in Role.Kind.values:
            if route.at_a_place or route.everywhere or kind not in route.kinds:
                yield f"a {kind} of the other place", CLIENTS[f"away {kind}"]
            if kind not in route.kinds and route.kinds:
                yield f"a {kind} of this place", CLIENTS[f"home {kind}"]
            if kind in route.kinds & MONEY_ROLES:
                yield f"a {kind} of this place without a second factor", CLIENTS[f"bare {kind}"]
        if route.acts_first in MONEY_ROLES:
            yield "somebody of every role here without a second factor", CLIENTS["bare everybody"]


CLIENTS: dict[str, Client] = {}


@pytest.fixture
def clients(made: Estate) -> Iterator[None]:
    for kind in Role.Kind.values:
        CLIENTS[f"bare {kind}"] = client_of(made.home[kind], second_factor=False)
        CLIENTS[f"home {kind}"] = client_of(made.home[kind])
        CLIENTS[f"away {kind}"] = client_of(made.visitors[kind])
    CLIENTS["stranger"], CLIENTS["nobody"] = client_of(None), client_of(made.nobody)
    CLIENTS["bare everybody"] = client_of(made.everybody, second_factor=False)
    CLIENTS["treasurer"] = client_of(made.other_treasurer)
    yield
    CLIENTS.clear()


def turned_away(answer) -> bool:
    """A refusal, a page that only takes the other method, or the way to sign in or to the second
    step; never the page itself."""
    if answer.status_code == 302:
        return answer["Location"].startswith(("/accounts/login/", "/accounts/2fa/"))
    return answer.status_code in SAID_NO | {405}


def checked(before: dict[str, str], leaks: list[str]) -> None:
    """Fail with every leak, and with every table that somebody changed who must not."""
    after = everything()
    changed = [f"{name} was changed" for name in before if before[name] != after[name]]
    assert not leaks + changed, "\n".join(leaks + changed)


def test_whoever_has_no_business_here_is_turned_away_everywhere(
    made, clients, record_testsuite_property
):
    before, leaks, tried = everything(), [], 0
    for route in GUARDED:
        address = route.filled(samples_for(route, made))
        for who, client in refusals(made, route):
            for method, answer in asked(client, address):
                tried += 1
                if not turned_away(answer) or told(answer):
                    leaks.append(
                        f"{method} {address} answers {who}: {answer.status_code} {told(answer)}"
                    )
    checked(before, leaks)
    record_testsuite_property("asked", tried)
    assert tried > 1000


def test_a_role_elsewhere_shows_nothing_of_this_place_where_no_place_is_asked_for(made, clients):
    leaks, before = [], everything()
    for route in GUARDED:
        if route.kinds and not route.at_a_place:
            address = route.filled(samples_for(route, made))
            for kind in sorted(route.kinds):
                for method, answer in asked(CLIENTS[f"away {kind}"], address):
                    if answer.status_code >= 500 or told(answer):
                        leaks.append(f"{method} {address} tells a {kind} {told(answer)}")
    checked(before, leaks)


def own_for(route: Route, made: Estate) -> dict[str, object] | None:
    """What a visitor fills in that is their own; None where the second gap is nobody's."""
    if route.address.startswith(tuple(NOTHING_OF_OTHERS)):
        return None
    begins = [one for one in OWN if route.address.startswith(one)]
    assert begins, (
        f"/{route.address} is about a thing of a thing, and no test fills in the first with one "
        "that is somebody else's. Add what a visitor has to OWN in tests/site/gaps.py, or say "
        "in NOTHING_OF_OTHERS why the second gap names nothing that anybody has."
    )
    return OWN[max(begins, key=len)](made)


def visitors(route: Route) -> list[str]:
    """Who could have such an address of their own: a role elsewhere, or another organisation."""
    where = "home" if route.everywhere else "away"  # who acts everywhere has every thing's parent
    return [f"{where} {kind}" for kind in sorted(route.kinds)] or ["treasurer"]


def test_their_own_address_with_a_number_of_ours_leads_nowhere(
    made, clients, record_testsuite_property
):
    leaks, tried, before = [], 0, everything()
    for route in GUARDED:
        if len(GAP.findall(route.address)) < 2 or (own := own_for(route, made)) is None:
            continue
        address = route.filled(samples_for(route, made) | own)
        for who in visitors(route):
            for method, answer in asked(CLIENTS[who], address):
                tried += 1
                if answer.status_code not in SAID_NO | {405}:
                    leaks.append(f"{method} {address} answers {who}: {answer.status_code}")
    checked(before, leaks)
    record_testsuite_property("asked", tried)
    assert tried > 40


def test_a_new_address_of_a_thing_of_a_thing_hears_what_to_add(made):
    new = Route("grants/<slug:grant>/parts/<number:pk>/", frozenset(), "worker", True)
    with pytest.raises(AssertionError, match="Add what a visitor has to OWN"):
        own_for(new, made)


def test_what_a_visitor_has_is_real_so_that_the_number_alone_is_refused(made, clients):
    """Their own passport and the share they read open for them: only the number is ours."""
    treasurer = CLIENTS["treasurer"]
    assert treasurer.get("/passports/other-hall/papers/").status_code == 200
    assert treasurer.get(f"/passports/read/{made.share_away}/").status_code == 200
    assert CLIENTS["away worker"].get(f"/awards/{made.award_away}/money/").status_code == 200
    assert CLIENTS["home funder"].get("/fund/other-fund/desk/").status_code == 200


def test_whoever_belongs_here_is_let_in_so_the_objects_and_the_secrets_are_real(made, clients):
    shut, said = [], set()
    for route in GUARDED:
        address = route.filled(samples_for(route, made))
        for kind in sorted(route.kinds):
            answer = CLIENTS[f"home {kind}"].get(address)
            if answer.status_code in SAID_NO or answer.status_code >= 500:
                shut.append(f"{address} answers a {kind} of its own place: {answer.status_code}")
            said |= set(told(answer))
    assert not shut, "\n".join(shut) + "\nMake what they are about in tests/site/estate.py."
    assert set(SHOWN_TO_SOME) - said == set(), "no page shows these to those who may read them"


def test_public_pages_tell_no_secret_of_anybody(made, clients):
    leaks = []
    for route in ROUTES:
        if route.guard == "public":
            address = route.filled(samples_for(route, made))
            for who in ("stranger", "nobody", "away funder"):
                for method, answer in asked(CLIENTS[who], address):
                    if answer.status_code >= 500 or told(answer):
                        leaks.append(f"{method} {address} tells {who} {told(answer)}")
    assert not leaks, "\n".join(leaks)


def test_a_new_address_without_an_object_hears_what_to_add(made):
    new = Route("grants/<slug:grant>/", frozenset(), "worker", True)
    with pytest.raises(AssertionError, match=r"add to SAMPLES: .grants/<slug:grant>/."):
        samples_for(new, made)
