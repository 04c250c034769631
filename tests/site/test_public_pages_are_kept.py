"""A public page is rendered once for each state of the record, and nobody else's page is kept."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from doorstep.apps.people import guards
from doorstep.apps.people.models import Account
from doorstep.apps.public import kept_for
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.rounds.models import Round
from doorstep.site import errors, pagecache
from doorstep.site.urls import urlpatterns as real
from tests.apps.ideas.proposing import taking_ideas

rendered: list[str] = []


def public(request):
    rendered.append(request.get_full_path())
    return render(request, "service/source.html", {"version": f"view {len(rendered)}"})


def private(request):
    rendered.append(request.get_full_path())
    return HttpResponse("only for you")


def with_token(request):
    rendered.append(request.get_full_path())
    return HttpResponse(get_token(request))


def with_cookie(request):
    rendered.append(request.get_full_path())
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


def with_session(request):
    rendered.append(request.get_full_path())
    return HttpResponse(str(request.session.get("anything")))


def changing(request):
    rendered.append(request.get_full_path())
    return HttpResponse("the time of day")


def missing(request):
    rendered.append(request.get_full_path())
    return HttpResponse("not there", status=404)


def small(request):
    rendered.append(request.get_full_path())
    return HttpResponse("x" * 100_000, headers={"Content-Disposition": "attachment"})


def large(request):
    rendered.append(request.get_full_path())
    return HttpResponse("x" * 100_001, headers={"Content-Disposition": "attachment"})


opened = guards.public
changing = opened(changing)
changing.cacheable = False

urlpatterns = [
    *real,
    path("t/public/", opened(kept_for("page", "about")(public))),
    path("t/small/", opened(small)),
    path("t/large/", opened(large)),
    path("t/private/", private),
    path("t/token/", opened(with_token)),
    path("t/cookie/", opened(with_cookie)),
    path("t/session/", opened(with_session)),
    path("t/missing/", opened(missing)),
    path("t/changing/", changing),
]
handler404 = errors.not_found

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
ZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {
        name: {"BACKEND": files, "LOCATION": tmp_path / name} for name in ("default", "pages")
    }
    rendered.clear()


def new_leaf():
    with transaction.atomic():
        write_leaf("test.happened", {"number": 1})


def test_an_unchanged_page_is_served_again_without_its_view(client):
    first = client.get("/t/public/")
    again = client.get("/t/public/")
    assert rendered == ["/t/public/"]
    assert first.content == again.content
    assert first["ETag"] == again["ETag"]


def test_a_kept_page_costs_one_statement(client):
    client.get("/t/public/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/t/public/")
    assert len(asked) == 1


def test_a_new_leaf_makes_a_new_page(client):
    client.get("/t/public/")
    new_leaf()
    assert "view 2" in client.get("/t/public/").content.decode()


def test_each_address_has_its_own_page(client):
    client.get("/t/public/")
    client.get("/t/public/?page=2")
    assert rendered == ["/t/public/", "/t/public/?page=2"]


@pytest.mark.parametrize(
    "query",
    ["x=1", "page=2&x=1", "page=2&page=2", "page=2&", "&", "p%61ge=2", "page=%32", "page=2#x", "="],
)
def test_an_address_that_nobody_links_to_is_not_kept(client, query):
    for _time in range(2):
        answer = client.get("/t/public/", QUERY_STRING=query)
        assert answer.status_code == 200
    assert len(rendered) == 2
    assert not list(Path(caches["pages"]._dir).glob("*"))


def test_every_declared_parameter_makes_a_page_that_is_kept(client):
    for _time in range(2):
        for query in ("page=2", "about=award&page=2", "page=3"):
            client.get("/t/public/", QUERY_STRING=query)
    assert len(rendered) == 3


def test_a_large_file_is_not_kept(client):
    for _time in range(2):
        client.get("/t/small/")
        client.get("/t/large/")
    assert rendered == ["/t/small/", "/t/large/", "/t/large/"]


def test_no_flood_of_pages_can_push_out_a_counter(client, settings):
    settings.CACHES = {
        name: one | {"OPTIONS": {"MAX_ENTRIES": 3}} for name, one in settings.CACHES.items()
    }
    cache.set("tries-of-one-address", 5)
    for number in range(20):
        client.get("/t/public/", {"page": number})
    assert len(rendered) == 20
    assert cache.get("tries-of-one-address") == 5


def test_a_signed_in_person_neither_gets_nor_leaves_a_kept_page(client):
    client.get("/t/public/")
    person = Client()
    person.force_login(Account.objects.create_user("a@example.org"))
    theirs = person.get("/t/public/")
    assert "Your desk" in theirs.content.decode()
    assert theirs["Cache-Control"] == "private, no-store"
    new_leaf()
    person.get("/t/public/")
    assert "Your desk" not in client.get("/t/public/").content.decode()
    assert len(rendered) == 4


def test_somebody_with_a_notice_waiting_gets_a_page_of_their_own(client):
    client.get("/t/public/")
    client.cookies[settings.NOTICES_COOKIE_NAME] = "anything"
    client.get("/t/public/")
    assert len(rendered) == 2


def test_welsh_pages_are_kept_apart_from_english_ones(client):
    english = client.get("/t/public/", headers={"Accept-Language": "en-US"})
    welsh = client.get("/t/public/", headers={"Accept-Language": "cy"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    chosen = client.get("/t/public/", headers={"Accept-Language": "en-US"})
    assert 'lang="en-GB"' in english.content.decode()
    assert 'lang="cy"' in welsh.content.decode()
    assert chosen.content == welsh.content
    assert len(rendered) == 2
    assert "Accept-Language" in english["Vary"]


def test_a_browser_that_has_the_page_is_told_so(client):
    first = client.get("/t/public/")
    again = client.get("/t/public/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "Content-Security-Policy" in again
    new_leaf()
    changed = client.get("/t/public/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_a_page_that_a_new_leaf_left_alone_is_still_the_browsers(client):
    first = client.get("/source/")
    new_leaf()
    again = client.get("/source/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_it_travels_small_to_those_who_can_unpack_it(client):
    plain = client.get("/t/public/")
    packed = client.get("/t/public/", headers=ZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) == int(packed["Content-Length"]) < len(plain.content)
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize(
    "address", ["private", "token", "cookie", "session", "missing", "changing"]
)
def test_what_may_belong_to_one_person_is_never_kept(client, address):
    client.get(f"/t/{address}/")
    client.get(f"/t/{address}/")
    assert len(rendered) == 2


def test_only_reading_is_kept(client):
    client.get("/t/public/")
    client.post("/t/public/")
    assert client.post("/t/public/").status_code == 405
    assert len(rendered) == 1


def test_a_question_for_the_headers_alone_is_told_what_reading_would_be(client):
    client.head("/t/public/")
    assert client.get("/t/public/").headers == client.head("/t/public/").headers
    assert len(rendered) == 2  # what was asked for its headers only is not kept
    assert client.head("/t/public/", headers={"if-none-match": "*"}).status_code == 304


def test_a_broken_cache_makes_pages_slower_never_missing(client, monkeypatch, caplog):
    class Broken:
        def get(self, key):
            raise OSError("no space left")

        def set(self, key, value):
            raise OSError("no space left")

    monkeypatch.setattr(pagecache, "caches", {"pages": Broken()})
    assert client.get("/t/public/").status_code == 200
    assert client.get("/t/public/").status_code == 200
    assert "could not be written" in caplog.text


def test_a_new_day_and_a_new_release_make_a_new_page(client, time_machine, monkeypatch):
    time_machine.move_to("2026-06-30T22:30:00Z", tick=False)  # 23:30 in London
    client.get("/t/public/")
    time_machine.move_to("2026-06-30T23:30:00Z", tick=False)  # half past midnight
    client.get("/t/public/")
    monkeypatch.setattr(pagecache, "release", lambda: "another")
    client.get("/t/public/")
    assert len(rendered) == 3


def test_two_hosts_never_share_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    client.get("/t/public/", headers={"Host": "a.example"})
    client.get("/t/public/", headers={"Host": "b.example"})
    assert len(rendered) == 2
    assert client.get("/t/public/", headers={"Host": "evil.example"}).status_code == 400


def test_another_release_is_any_file_that_changed_but_not_what_python_makes(monkeypatch, tmp_path):
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(pagecache.doorstep, "__file__", str(tmp_path / "__init__.py"))
    seen = {pagecache.release.__wrapped__()}
    for name in ("a.py", "page.html", "menu.js", "folder/seal.sql", "need.csv", "no_suffix"):
        (tmp_path / name).write_text("new")
        seen.add(pagecache.release.__wrapped__())
    assert len(seen) == 7
    (tmp_path / "folder" / "a.cpython-311.pyc").write_text("made")
    assert pagecache.release.__wrapped__() in seen


def test_the_page_of_a_draft_is_never_kept_because_drafting_writes_no_leaf(client, db):
    round_ = taking_ideas()
    before = client.get("/rounds/round-one/")
    assert "no-store" in before["Cache-Control"]
    assert "£3,210" not in before.content.decode()
    Round.objects.filter(pk=round_.pk).update(budget_pence=321_000)
    assert "£3,210" in client.get("/rounds/round-one/").content.decode()
