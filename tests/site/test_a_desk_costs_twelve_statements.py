"""A desk is one statement for what all rooms ask rows for, and a few more: twelve at most."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.apps.people.models import Account
from doorstep.site.demo.load import load

MOST = 12


@pytest.mark.django_db
def test_no_desk_in_millbrook_takes_more_than_twelve_statements() -> None:
    load()
    for account in Account.objects.filter(email__endswith=".example"):
        client = Client()
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        client.get("/desk/")  # the connection's own first statements are no part of a page
        with CaptureQueriesContext(connection) as statements:
            page = client.get("/desk/")
        assert page.status_code == 200
        assert "Where you work" in page.content.decode()
        assert len(statements) <= MOST, account.email
