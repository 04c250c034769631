"""The frame of every page: its links lead somewhere, and it knows where it is and who reads."""

from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from doorstep import cli
from doorstep.apps.people.models import Account
from doorstep.site.templatetags.doorstep import KNOWN_NOTICES
from tests.pages import leads_somewhere

pytestmark = pytest.mark.django_db


def test_every_link_of_the_frame_leads_somewhere(page):
    read = page.get("/accessibility/")
    inside = [to for to in read.links.values() if to.startswith("/")]
    assert len(inside) >= 9
    assert [to for to in inside if not leads_somewhere("/", to)] == []


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/", "Home"),
        ("/places/", "Places"),
        ("/rounds/x/", "Places"),
        ("/awards/x/", "Places"),
        ("/ledger/1/", "Places"),
        ("/record/7/", "Record"),
        ("/accounts/login/", "Sign in"),
        ("/source/", None),
    ],
)
def test_the_room_you_are_in_is_marked(address, marked):
    request = RequestFactory().get(address)
    html = Template("{% load doorstep %}{% main_nav %}").render(Context({"request": request}))
    here = [item for item in html.split("<li>") if "aria-current" in item]
    assert len(here) == (marked is not None)
    assert marked is None or f">{marked}</a>" in here[0]


def test_a_signed_in_person_finds_the_desk_and_a_stranger_the_door(client):
    assert "Sign in" in client.get("/accessibility/").content.decode()
    client.force_login(Account.objects.create_user("a@example.org"))
    signed_in = client.get("/accessibility/").content.decode()
    assert "Your desk" in signed_in
    assert "/accounts/login/" not in signed_in


def test_the_way_back_takes_pairs():
    tag = '{% load doorstep %}{% trail "Places" "/places/" name "/places/a/" %}'
    html = Template(tag).render(Context({"name": "A <b>"}))
    assert '<a href="/places/">Places</a>' in html
    assert "A &lt;b&gt;" in html
    with pytest.raises(TemplateSyntaxError, match="pairs"):
        Template('{% load doorstep %}{% trail "Places" %}').render(Context())


def test_protective_headers_stand_on_every_answer(client):
    for address in ("/accessibility/", "/no/such/", "/accounts/login/", "/healthz"):
        response = client.get(address)
        for name in (
            "Content-Security-Policy",
            "Permissions-Policy",
            "Cross-Origin-Resource-Policy",
            "Cross-Origin-Opener-Policy",
            "Referrer-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Cache-Control",
        ):
            assert name in response, (address, name)
        assert "unsafe" not in response["Content-Security-Policy"]


def test_the_demo_says_in_both_languages_that_it_is_made_up(client, settings):
    settings.NOTICE = KNOWN_NOTICES[0]
    assert KNOWN_NOTICES[0] in Path(cli.__file__).read_text()
    english = client.get("/source/").content.decode()
    welsh = client.get("/source/", headers={"Accept-Language": "cy"}).content.decode()
    assert KNOWN_NOTICES[0] in english
    assert KNOWN_NOTICES[0] not in welsh
    assert "Dyfais yw Millbrook" in welsh
