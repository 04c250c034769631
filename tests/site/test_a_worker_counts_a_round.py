"""The button asks, a worker counts, and the page says how it stands; whatever dies, it is counted
once."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Counting, Round
from doorstep.site import operations, tasks
from doorstep.site.worker import Worker, take_up_abandoned_tasks
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY, closed, place_with_money

CLOSE = "/rounds/round-one/close/"


@pytest.fixture
def asked(committed_db, client, settings):
    """A closed round, a secretary who is signed in, and the queue of a real install."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    place = place_with_money()
    account = open_account("secretary@millbrook.example", actor=ACTOR)
    give_role(account, "partnership_member", place=place, since=DAY, actor=ACTOR)
    sign_in(client, account)
    return closed(place)


def counted() -> int:
    return Leaf.objects.filter(kind="round.counted").count()


def test_the_page_says_that_it_is_being_counted_until_it_is(asked, page):
    for _twice in range(2):
        assert "being counted now" in page.post(CLOSE).text
    assert DBTaskResult.objects.count() == 1
    assert "Look again" in page.get(CLOSE).links
    assert counted() == 0
    while Worker()._one_task():
        pass
    assert "Funded: 2 ideas" in page.post(CLOSE).text
    assert counted() == 1
    told = Leaf.objects.get(kind="round.counted")
    assert b'"role":"partnership_member"' in bytes(told.body)


def test_a_worker_that_died_while_counting_is_followed_by_another(asked, page):
    page.post(CLOSE)
    DBTaskResult.objects.get().claim("dead")
    Counting.objects.create(round=asked, since=timezone.now())
    take_up_abandoned_tasks()
    assert Worker()._one_task()
    assert counted() == 0, "the claim may be that of somebody alive"
    assert DBTaskResult.objects.ready().count() == 0, "it looks again in a minute"
    assert "being counted now" in page.get(CLOSE).text
    Counting.objects.all().delete()
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    assert Worker()._one_task()
    assert (counted(), Round.objects.get(pk=asked.pk).state) == (1, "settled")


def test_why_it_was_refused_stands_on_the_page(asked, page, monkeypatch):
    def refuse(*arguments, **options):
        raise Refused("The pot is gone.", code="pot")

    page.post(CLOSE)
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "close_and_settle", refuse)
        Worker()._one_task()
    assert "It could not be counted: The pot is gone." in page.get(CLOSE).text
    page.post(CLOSE)
    Worker()._one_task()
    assert counted() == 1


def test_a_fault_is_said_and_the_button_works_again(asked, page, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("disk full")

    page.post(CLOSE)
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "close_and_settle", fail)
        Worker()._one_task()
    shown = page.get(CLOSE)
    assert "broke off by a fault of ours" in shown.text
    assert "disk" not in shown.html
    page.post(CLOSE)
    Worker()._one_task()
    assert "Funded: 2 ideas" in page.post(CLOSE).text


def test_a_task_that_comes_after_the_command_finds_it_done(asked, page):
    page.post(CLOSE)
    operations.close_round("round-one")
    assert Worker()._one_task()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert counted() == 1
