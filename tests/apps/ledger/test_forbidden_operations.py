"""Nothing is edited, by nobody, with any statement: every forgery is refused by the database."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from doorstep.apps.ledger.models import Account, AccountBalance, Journal, Transfer
from doorstep.apps.record.models import Leaf, LogHead, Wording
from tests.apps.ledger.forger import POT, Forger, furnish
from tests.apps.ledger.operations import BOTH, forbidden


@pytest.fixture
def forger(committed_db):
    furnish()
    if connection.vendor == "sqlite":
        # The guards must not lean on a setting of the connection.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
    return Forger()


def fingerprint() -> list[list[tuple]]:
    tables = (Leaf, LogHead, Wording, Account, AccountBalance, Journal, Transfer)
    return [
        [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in table.objects.order_by("pk").values_list()
        ]
        for table in tables
    ]


def test_no_forged_statement_is_admitted(forger):
    before = fingerprint()
    admitted = []
    operations = forbidden(connection.vendor)
    for name, operation in operations.items():
        try:
            with transaction.atomic():
                operation(forger)
        except IntegrityError:
            continue  # Anything else would be a crash, and fails the test.
        admitted.append(name)
    assert admitted == []
    assert len(operations) >= 60
    assert fingerprint() == before


def test_the_forger_is_admitted_where_nothing_is_wrong(forger):
    # Otherwise the test above could pass because every forgery is clumsy.
    for honest in (
        lambda: forger.leaf(),
        lambda: forger.leaf(log="audit"),
        lambda: forger.wording(),
        lambda: forger.open(),
        lambda: forger.entry(),
        lambda: forger.entry({}, {"pence": 7}),
        lambda: forger.entry(
            {"debit": "place:mill:available", "credit": POT, "pence": 50_000}, reverses_id=2
        ),
    ):
        with transaction.atomic():
            honest()
    assert Journal.objects.count() == 8


ORM = {
    "leaf updated": lambda: Leaf.objects.filter(idx=2).update(kind="place.x"),
    "leaf saved": lambda: Leaf(**Leaf.objects.filter(idx=2).values()[0] | {"kind": "x.y"}).save(),
    "leaves deleted raw": lambda: Leaf.objects.filter(kind="place.noted")._raw_delete("default"),
    "head updated": lambda: LogHead.objects.update(size=0),
    "head updated or created": lambda: LogHead.objects.update_or_create(
        log="public", defaults={"size": 1}
    ),
    "words updated": lambda: Wording.objects.filter(erasure=None).update(text="x"),
    "words deleted": lambda: Wording.objects.all().delete(),
    "account updated": lambda: Account.objects.filter(code=POT).update(guard="none"),
    "account upserted": lambda: Account.objects.bulk_create(
        [Account(code=POT, fund="x", guard="none", leaf=Leaf.objects.get(idx=3))],
        update_conflicts=True, unique_fields=["code"], update_fields=["guard", "fund"],
    ),
    "account deleted": lambda: Account.objects.filter(code=POT).delete(),
    "balance updated": lambda: AccountBalance.objects.update(credits=F("credits") + 1),
    "balance bulk updated": lambda: AccountBalance.objects.bulk_update(
        [AccountBalance(pk=Account.objects.get(code=POT).pk, credits=5)], ["credits"]
    ),
    "balance deleted": lambda: AccountBalance.objects.all().delete(),
    "journal saved": lambda: Journal.objects.get(pk=2).save(),
    "journal updated": lambda: Journal.objects.filter(pk=2).update(kind="x.y"),
    "journal deleted": lambda: Journal.objects.get(pk=2).delete(),
    "transfer updated": lambda: Transfer.objects.update(pence=F("pence") * 2),
    "transfers deleted": lambda: Transfer.objects.all().delete(),
}  # fmt: skip


@pytest.mark.usefixtures("forger")
def test_nor_is_any_call_of_the_orm():
    before = fingerprint()
    for name, call in ORM.items():
        try:
            with transaction.atomic():
                call()
        except (IntegrityError, ProtectedError):
            continue
        pytest.fail(f"{name} was admitted")
    assert len(ORM) + len(BOTH) >= 60
    assert fingerprint() == before
