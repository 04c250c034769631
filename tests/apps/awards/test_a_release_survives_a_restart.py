"""A release that was asked for again, by another process, after a kill, or a week later: one entry,
one line of one file."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

from django.db import connection

from doorstep.apps.awards.actions.files import make_payment_file
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.models import Payment, PaymentFileLine
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.record.models import Leaf
from tests.apps.awards.scene import LATER, approved, ready, scene

RELEASER = """
import os, signal
import django
django.setup()
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.models import Payment
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import LATER
finance = Account.objects.get(email="finance@millbrook.example")
release_payment(Payment.objects.get(), on=LATER, actor=Actor("finance_officer", finance.pk))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_release_whose_answer_was_lost_is_not_done_twice(committed_db):
    told = scene()
    _award, payment = ready(told)
    approved(told, payment)
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", RELEASER],
        env=os.environ | {
            "DOORSTEP_DATABASE_URL": committed_db.url,
            "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL  # released, and killed before it could say so
    entries = Journal.objects.count()
    for later in (0, 7):
        again = release_payment(
            payment, on=LATER + timedelta(days=later), actor=told.acting("finance")
        )
        assert again.state == "released"
    make_payment_file(told.place, on=LATER, actor=told.acting("finance"))
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    assert Journal.objects.count() == entries
    assert Leaf.objects.filter(kind="payment.released").count() == 1
    assert Payment.objects.get().release_entry_id == Journal.objects.latest("pk").pk
    assert PaymentFileLine.objects.count() == 1
    assert place_money("millbrook-east").on_its_way == 180_000
