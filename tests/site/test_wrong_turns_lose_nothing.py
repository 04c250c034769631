"""Whatever goes wrong, a plain page says what to do, and words that were typed come back."""

import pytest
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from doorstep.apps.people.actions import open_account
from doorstep.apps.refused import Refused
from doorstep.site import errors
from doorstep.site.urls import urlpatterns as real
from tests.millbrook import ACTOR
from tests.pages import PageClient

HERE = "http://testserver"


def breaks(request):
    raise RuntimeError("a fault of ours")


def finds_no_room(request):
    raise OperationalError("disk full") from Exception("53100")


def asks_what_is_not_there(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT mistyped FROM nothing_of_the_kind")


def forbids(request):
    raise PermissionDenied("Only members of the partnership of Millbrook East can see this.")


def suspects(request):
    raise SuspiciousOperation


def refuses(request):
    raise Refused("This round was closed already, on 3 May 2026. Its result is on its page.")


@require_POST
def only_forms(request):
    return HttpResponse("done")


@login_required
def guarded(request):
    return HttpResponse("done")


urlpatterns = [
    *real,
    path("t/breaks/", breaks),
    path("t/no-room/", finds_no_room),
    path("t/mistyped/", asks_what_is_not_there),
    path("t/forbids/", forbids),
    path("t/suspects/", suspects),
    path("t/refuses/", refuses),
    path("t/form/", only_forms),
    path("t/guarded/", guarded),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_an_unknown_address(page):
    read = page.get("/no/such/page/", status=404)
    assert read.heading == "There is no page at this address"
    assert "Check the address" in read.text


def test_a_refusal_shows_its_own_sentence_and_says_nothing_was_lost(page):
    read = page.post("/t/refuses/", status=409)
    assert "closed already, on 3 May 2026" in read.text
    assert "nothing was done twice" in read.text


def test_a_forbidden_page_gives_the_reason(page):
    read = page.get("/t/forbids/", status=403)
    assert "Only members of the partnership" in read.text
    assert "ask the person who runs your partnership" in read.text


def test_a_damaged_request(page):
    assert "Nothing has been changed" in page.get("/t/suspects/", status=400).text


def test_an_address_that_only_takes_forms(page):
    read = page.get("/t/form/", status=405)
    assert read.response["Allow"] == "POST"
    assert "only works from a form" in read.heading


def test_a_stale_form_hands_back_what_was_typed():
    strict = PageClient(Client(enforce_csrf_checks=True))
    sent = {"your_question": "Why <b>was</b> it\nstopped?", "csrfmiddlewaretoken": "old"}
    headers = {"Origin": HERE, "Referer": f"{HERE}/source/?a=b"}
    read = strict.post("/t/form/", sent, status=403, headers=headers)
    assert "Your question Why <b>was</b> it stopped?" in read.text
    assert read.links["Open the page again"] == "/source/?a=b"
    assert "old" not in read.text.split()


def test_another_site_cannot_put_words_on_our_page():
    strict = PageClient(Client(enforce_csrf_checks=True))
    headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/x"}
    read = strict.post("/t/form/", {"say": "Call this number"}, status=403, headers=headers)
    assert "Call this number" not in read.text
    assert read.links["Open the page again"] == "/"


def test_a_lost_session_hands_back_what_was_typed(page):
    headers = {"Origin": HERE, "Referer": f"{HERE}/source/"}
    sent = {"reason": "The kitchen is finished", "code": "secret"}
    read = page.post("/t/guarded/", sent, status=403, headers=headers)
    assert "The kitchen is finished" in read.text
    assert "secret" not in read.text
    assert read.links["Sign in and come back"] == "/accounts/login/?next=%2Fsource%2F"


def test_a_lost_session_when_only_reading_goes_to_sign_in(client):
    response = client.get("/t/guarded/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_a_fault_of_ours_needs_no_database(django_db_blocker):
    quiet = PageClient(Client(raise_request_exception=False))
    with django_db_blocker.block():
        read = quiet.get("/t/breaks/", status=500)
    assert "nothing was half done" in read.text
    for inside in ("a fault of ours", "RuntimeError", "Traceback", ".py", "line "):
        assert inside not in read.html


def test_a_fault_in_the_fault_page_still_says_what_to_do(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the templates are gone")

    monkeypatch.setattr(errors.loader, "render_to_string", broken)
    response = Client(raise_request_exception=False).get("/t/breaks/")
    assert response.status_code == 500
    assert b"not your fault" in response.content


def test_a_database_without_room_says_that_nothing_was_half_done_and_when_to_come_again():
    answer = Client(raise_request_exception=False).post("/t/no-room/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "nothing was half done" in answer.content.decode()


def test_whoever_is_signed_in_is_told_too_without_being_looked_up():
    def away(*statement):
        raise OperationalError("the connection is lost")

    somebody = Client(raise_request_exception=False)
    somebody.force_login(open_account("sam@millbrook.example", actor=ACTOR))
    with connection.execute_wrapper(away):
        answer = somebody.get("/account/")
    assert answer.status_code == 503
    assert "We cannot write anything down just now" in answer.content.decode()


def test_a_question_that_we_mistyped_is_a_fault_of_ours_and_does_not_pass():
    answer = Client(raise_request_exception=False).get("/t/mistyped/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_every_wrong_turn_has_the_protective_headers(client):
    response = client.get("/no/such/page/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_wrong_turns_are_in_welsh_too(client):
    response = client.get("/no/such/page/", headers={"Accept-Language": "cy"})
    assert 'lang="cy"' in response.content.decode()
