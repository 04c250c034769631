"""Language, health, source: what the site owes to every visitor."""

import io
import tarfile

import pytest
from django.conf import settings
from django.db import DatabaseError

from doorstep.site import service

pytestmark = pytest.mark.django_db


def test_health_is_told(client, monkeypatch):
    assert client.get("/healthz").content == b"ok\n"

    def gone():
        raise DatabaseError

    monkeypatch.setattr(service.connection, "cursor", gone)
    assert client.get("/healthz").status_code == 503


def test_a_language_is_remembered_and_the_reader_stays_on_the_page(client):
    response = client.post("/language/", {"language": "cy", "next": "/source/?a=b"})
    assert response.status_code == 303
    assert response["Location"] == "/source/?a=b"
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "cy"
    assert cookie["samesite"] == "Lax"
    assert 'lang="cy"' in client.get("/source/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_the_language_button_never_leads_away(client, back):
    assert client.post("/language/", {"language": "cy", "next": back})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    response = client.post("/language/", {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_the_source_of_this_site_can_be_taken_home(client):
    response = client.get("/source/archive/")
    packed = io.BytesIO(response.content)
    with tarfile.open(fileobj=packed) as archive:
        names = archive.getnames()
        owners = {member.uname for member in archive.getmembers()}
    assert any(name.endswith("src/doorstep/site/service.py") for name in names)
    assert not any("__pycache__" in name or "/.venv" in name for name in names)
    assert owners == {""}


@pytest.mark.parametrize("address", ["/accessibility/", "/source/"])
def test_pages_about_the_site(page, address):
    assert page.get(address).heading


def test_public_pages_set_no_cookie_and_touch_no_session(client):
    response = client.get("/accessibility/")
    assert not response.cookies
