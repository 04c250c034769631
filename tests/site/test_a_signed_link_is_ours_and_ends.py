"""What we sign and give away comes back unchanged, for the use that it was signed for, and in its
time; or it opens nothing."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import signing
from django.test import RequestFactory
from django.utils import timezone

import doorstep
from doorstep.apps.ideas import links
from doorstep.apps.ideas.links import follower_of, token_of
from doorstep.apps.voting import visits
from doorstep.engine.rulebook import rule
from doorstep.site.pages import receipts
from tests.apps.awards.scene import scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid
from tests.apps.ideas.proposing import author_of, proposed, taking_ideas

SOURCES = Path(doorstep.__file__).parent
ANOTHER_SECRET = "another install's secret, of which this one knows nothing at all: 0123456789"
SALTS = {"ideas": links._SALT, "ballot": visits._SALT, "receipts": receipts.LINK}
pytestmark = pytest.mark.django_db


def visit_in(cookie: str) -> visits.Visit | None:
    asked = RequestFactory().get("/")
    asked.COOKIES[visits.COOKIE] = cookie
    return visits.of(asked)


def opens(use: str, token: str, client) -> bool:
    """Whether somebody who holds this token gets what it stands for."""
    if use == "ideas":
        return follower_of(token) is not None
    if use == "ballot":
        return visit_in(token) is not None
    return client.get(f"/receipts/{token}/").status_code == 200


@pytest.fixture(params=list(SALTS))
def signed(request):
    """A use, what is signed for it, and the token that we gave away."""
    if request.param == "ideas":
        author = author_of(proposed(taking_ideas()))
        return request.param, [author.pk, author.idea_id], token_of(author)
    if request.param == "ballot":
        held = [1, "tracker", 0, ""]
        return request.param, held, signing.dumps(held, salt=SALTS["ballot"])
    payment = paid(scene())
    return request.param, payment.slug, receipts.link_for(payment).split("/")[-2]


def made(use: str, held: object, **named: object) -> str:
    kind = signing.Signer if use == "ideas" else signing.TimestampSigner
    return kind(**{"salt": SALTS[use]} | named).sign_object(held)


def test_what_we_signed_opens_and_nothing_else_does(signed, client):
    use, held, token = signed
    assert opens(use, token, client)
    assert opens(use, made(use, held), client)
    body, rest = token.split(":", 1)
    mark = rest.rpartition(":")[2]
    forged = [
        made(use, held, key=ANOTHER_SECRET),
        made(use, held, algorithm="sha1"),
        made(use, held, algorithm="md5"),
        *(made(use, held, salt=salt) for other, salt in SALTS.items() if other != use),
        made(use, held, salt="django.core.signing"),
        body,
        f"{body}:{rest[: -len(mark)]}",
        f"{signing.b64_encode(b'[2, 2]').decode()}:{rest}",
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "none:none",
    ]
    assert [one for one in forged if opens(use, one, client)] == []


def test_a_mark_is_hmac_sha256_of_256_bits(signed):
    _use, _held, token = signed
    mark = token.rpartition(":")[2]
    assert len(signing.b64_decode(mark.encode())) == 32


def test_every_use_signs_with_a_salt_of_its_own():
    """No call of Django's signing is without a salt, and no two rooms share one."""
    found: dict[str, set[str]] = {}
    for path in SOURCES.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func)
            if name in {"signing.dumps", "signing.loads"} or name.endswith("Signer"):
                salt = next((one.value for one in call.keywords if one.arg == "salt"), None)
                assert salt is not None, f"{path}:{call.lineno} signs without a salt of its own"
                found.setdefault(path.stem, set()).add(ast.unparse(salt))
    assert found == {"links": {"_SALT"}, "visits": {"_SALT"}, "receipts": {"LINK"}}
    assert len(set(SALTS.values())) == len(SALTS)


@pytest.mark.parametrize(("days", "status"), [(-1, 200), (1, 410)])
def test_a_link_for_receipts_ends_after_its_days(client, days, status):
    link = receipts.link_for(paid(scene()))
    lasts = int(rule("receipt.link_days", timezone.localdate()).value)
    with time_machine.travel(timezone.now() + timedelta(days=lasts + days), tick=False):
        answer = client.get(link)
        assert answer.status_code == status
        sent = {"what": "result", "w-outcome": "learned", "w-words": "Ask twice."}
        assert client.post(link, sent).status_code == (302 if status == 200 else status)


@pytest.mark.parametrize(("seconds", "lasts"), [(-1, True), (2, False)])
def test_a_visit_to_the_ballot_ends_after_its_minutes(seconds, lasts):
    held = signing.dumps([1, "tracker", 0, ""], salt=SALTS["ballot"])
    minutes = int(rule("voting.ballot_stays_open", timezone.localdate()).value)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes, seconds=seconds)):
        assert (visit_in(held) is not None) is lasts
