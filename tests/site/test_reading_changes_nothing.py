"""Whoever may open an address changes nothing by opening it: only a form that is sent does."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from doorstep.apps.people.actions import open_account
from tests.apps.people.signing_in import TEST
from tests.site.test_nobody_reaches_into_another_place import (
    CLIENTS,
    NOT_OURS,
    NOTED,
    ROUTES,
    Route,
    client_of,
    clients,
    everything,
    made,
    samples_for,
)

__all__ = ["clients", "made"]  # fixtures of this file too
pytestmark = pytest.mark.django_db
WRITES = re.compile(r"^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
NOT_HELD = {
    model._meta.db_table
    for model in apps.get_models()
    if model._meta.app_label in NOT_OURS or model._meta.label in NOTED
}
# What a form would say, in the address: a view that read it there would act on it.
AS_IF_SENT = (
    "do=show&what=erase&confirm=yes&sure=yes&reason=Because&action=delete&answer=yes&agree=on"
    "&code=000000&number=1&pence=100&pounds=1&words=Words&title=Words&language=cy&next=/"
)


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written to meanwhile, but for who is signed in and what is counted."""
    tables: set[str] = set()

    def watched(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if (found := WRITES.match(sql)) and found[1] not in NOT_HELD:
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watched):
        yield tables


def readers(route: Route) -> list[str]:
    """Everybody who may open it."""
    if route.kinds:
        return [f"home {kind}" for kind in sorted(route.kinds)]
    if route.guard == "public":
        return ["stranger"]
    return ["home partnership_member", "trustee"]


def test_whoever_is_let_in_changes_nothing_by_reading(made, clients, record_testsuite_property):
    CLIENTS["trustee"] = client_of(made.trustee)
    changed, tried, before = [], 0, everything()
    for route in ROUTES:
        address = route.filled(samples_for(route, made))
        for who in readers(route):
            for read in (CLIENTS[who].get, CLIENTS[who].head):
                with written() as tables:
                    read(f"{address}?{AS_IF_SENT}")
                tried += 1
                changed += [f"{address} read by {who} writes {table}" for table in sorted(tables)]
    assert not changed, "\n".join(changed)
    assert everything() == before
    record_testsuite_property("asked", tried)
    assert tried > 400


def test_the_test_sees_what_is_written():
    with written() as tables:
        open_account("ann@millbrook.example", actor=TEST)
    assert {"people_account", "record_leaf"} <= tables
