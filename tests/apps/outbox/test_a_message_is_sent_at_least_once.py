"""From `tell` to the gateway: once by its key, never from a rolled-back transaction, tried until it
is taken or given up, and never by two workers at one time."""

import smtplib
import threading
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox import gateways, sending
from doorstep.apps.outbox.actions import language_of, tell, try_again, unsubscribe
from doorstep.apps.outbox.gateways import NotSent
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.sending import deliver_due, deliver_one, erase_old_words, words_of
from doorstep.apps.refused import Refused

ANN = "ann@millbrook.example"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def code(address: str = ANN, key: str = "code:1", **more) -> Message:
    settings = {"subject": "Your code", "text": "ABCD", "topic": "code", "at_once": True}
    return tell(address, key=key, **settings | more)


def news(number: int, address: str = ANN, **more) -> Message | None:
    return tell(
        address, subject=f"News {number}", text=f"Text {number}", topic="news",
        key=f"news:{address}:{number}", link=f"/rounds/{number}/", **more,
    )  # fmt: skip


def refusing(monkeypatch, problem: Exception) -> None:
    def fail(*arguments, **options):
        raise problem

    monkeypatch.setattr(gateways, "send_email", fail)


@pytest.mark.django_db
def test_what_is_told_twice_is_sent_once_in_its_first_words():
    assert code().pk == code(text="another").pk
    assert deliver_due() == 1
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([ANN], "Your code")]
    assert "ABCD" in mail.outbox[0].body
    assert deliver_due() == 0


@pytest.mark.django_db
def test_nobody_is_told_what_was_rolled_back():
    with transaction.atomic():
        code()
        transaction.set_rollback(True)
    assert deliver_due() == 0
    assert mail.outbox == []


def test_the_gateway_is_called_outside_every_transaction(committed_db, monkeypatch):
    seen = []
    monkeypatch.setattr(
        gateways, "send_email", lambda *a, **o: seen.append(connection.in_atomic_block)
    )
    code()
    news(1)
    Message.objects.update(next_try=timezone.now())
    assert deliver_due() == 2
    assert seen == [False, False]


@pytest.mark.django_db
def test_what_was_not_taken_is_tried_later_and_later_and_then_given_up(clock, monkeypatch, caplog):
    code()
    refusing(monkeypatch, NotSent("unreachable"))
    waits = []
    while Message.objects.get().state == Message.State.QUEUED:
        assert deliver_one()
        assert not deliver_one(), "it was tried again at once"
        message = Message.objects.get()
        waits.append(message.next_try - timezone.now())
        clock.move_to(message.next_try)
    minutes = [round(wait.total_seconds() / 60) for wait in waits[:-1]]
    assert minutes == [1, 4, 16, 64, 256, 1024, 1440]
    assert (message.state, message.tries, message.reason) == ("failed", 8, "unreachable")
    assert message.ended_at is not None
    assert "ann" not in caplog.text


@pytest.mark.django_db
def test_what_is_refused_for_good_is_not_tried_again_until_somebody_says_so(clock, monkeypatch):
    code()
    with monkeypatch.context() as broken:
        refusing(broken, NotSent("refused", for_good=True))
        deliver_due()
    message = Message.objects.get()
    assert (message.state, message.reason) == ("failed", "refused")
    try_again(message)
    try_again(message)
    assert deliver_due() == 1
    assert len(mail.outbox) == 1
    try_again(Message.objects.get())
    assert deliver_due() == 0, "what was sent is not sent again"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "reason", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({ANN: (550, b"no such user ann")}), "refused", True),
        (smtplib.SMTPRecipientsRefused({ANN: (450, b"greylisted")}), "refused", False),
        (smtplib.SMTPAuthenticationError(535, b"no"), "gateway", False),
        (smtplib.SMTPServerDisconnected("gone"), "unreachable", False),
        (TimeoutError("slow"), "unreachable", False),
        (ConnectionRefusedError("closed"), "unreachable", False),
    ],
)
def test_a_mail_servers_no_becomes_a_reason(monkeypatch, problem, reason, for_good):
    def fail(self, fail_silently=False):
        raise problem

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    with pytest.raises(NotSent) as said:
        gateways.send_email(ANN, "Subject", "Text", reference="doorstep-1")
    assert (said.value.reason, said.value.for_good) == (reason, for_good)
    assert "ann" not in str(said.value)


@pytest.mark.django_db
def test_a_worker_that_dies_before_it_marks_sends_again_under_the_same_id(clock, monkeypatch):
    code()
    real = sending._held

    def dies(*arguments):
        raise SystemExit

    monkeypatch.setattr(sending, "_held", dies)
    with pytest.raises(SystemExit):
        deliver_one()
    monkeypatch.setattr(sending, "_held", real)
    assert not deliver_one(), "the claim of the dead one still holds"
    clock.shift(sending.CLAIM_HOLDS + timedelta(seconds=1))
    assert deliver_one()
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert Message.objects.get().state == Message.State.SENT


@pytest.mark.django_db
def test_a_worker_whose_claim_ended_does_not_mark_what_another_holds(clock, monkeypatch):
    code()

    def slow(*arguments, **options):
        Message.objects.update(claim="another", claimed_until=timezone.now() + timedelta(hours=1))

    monkeypatch.setattr(gateways, "send_email", slow)
    deliver_one()
    assert Message.objects.get().claim == "another"


def test_eight_workers_send_everything_and_nothing_twice(committed_db, monkeypatch):
    sent: Counter[str] = Counter()
    lock = threading.Lock()

    def count(address, subject, text, *, reference, unsubscribe):
        with lock:
            sent[f"{address} {subject}"] += 1

    monkeypatch.setattr(gateways, "send_email", count)
    with transaction.atomic():
        for number in range(60):
            code(f"p{number}@millbrook.example", f"code:{number}")
        for number in range(40):
            news(number, f"q{number % 4}@millbrook.example")
    Message.objects.filter(at_once=False).update(next_try=timezone.now())
    together = threading.Barrier(8)
    faults = []

    def work():
        try:
            together.wait()
            while deliver_due() or Message.objects.filter(state="queued", claim="").exists():
                pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert set(sent.values()) == {1}
    assert len(sent) == 60 + 4, "four people got one digest each"
    assert set(Message.objects.values_list("state", "tries")) == {("sent", 1)}


@pytest.mark.django_db
def test_news_wait_for_one_digest_a_day(clock):
    for number in range(3):
        news(number)
    news(1, "bob@millbrook.example")
    assert deliver_due() == 0
    clock.move_to(NOON.replace(hour=17))
    assert deliver_due() == 2
    ann, bob = mail.outbox
    assert ann.subject == "3 things from your neighbourhood"
    for number in range(3):
        assert f"News {number}\n\nText {number}" in ann.body
        assert f"http://127.0.0.1:8000/rounds/{number}/" in ann.body
    assert bob.subject == "News 1"
    news(4)
    assert deliver_due() == 0, "the next one goes tomorrow"
    clock.move_to(NOON.replace(day=24, hour=17))
    assert deliver_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 3, 28, 18), (2026, 3, 29, 17)),  # the clock goes forward in that night
        ((2026, 10, 24, 17), (2026, 10, 25, 17)),  # and back
        ((2026, 6, 1, 16), (2026, 6, 1, 17)),
    ],
)
def test_a_digest_goes_at_five_by_the_clock_on_the_wall(now, then):
    from doorstep.apps.outbox.rules import next_digest

    here = ZoneInfo("Europe/London")
    assert next_digest(datetime(*now, tzinfo=here)) == datetime(*then, tzinfo=here)


@pytest.mark.django_db
def test_who_ended_the_digests_gets_answers_only(clock):
    news(1)
    unsubscribe(Contact.objects.get())
    assert Message.objects.get().state == Message.State.DROPPED
    assert news(2) is None
    assert code() is not None
    clock.shift(timedelta(days=1))
    assert deliver_due() == 1
    assert [sent.subject for sent in mail.outbox] == ["Your code"]


@pytest.mark.django_db
def test_every_mail_can_be_answered_by_one_click(client, clock):
    code()
    deliver_due()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in mail.outbox[0].body
    assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_subject_cannot_add_headers():
    code(subject="Hello\r\nBcc: everybody@example.org")
    deliver_due()
    assert mail.outbox[0].subject == "Hello Bcc: everybody@example.org"
    assert mail.outbox[0].recipients() == [ANN]


@pytest.mark.django_db
def test_words_in_the_receivers_language(clock):
    news(1, language="cy")
    news(2)
    assert language_of(ANN) == "cy"
    assert language_of("stranger@example.org") == "en-gb"
    clock.move_to(NOON.replace(hour=17))
    deliver_due()
    assert mail.outbox[0].subject == "2 o bethau o'ch cymdogaeth"


def test_no_address_and_no_word_stands_in_the_clear(committed_db):
    code(text="a secret word")
    tell("07700 900123", subject="Text", text="secret", topic="code", key="sms 07700900123")
    with connection.cursor() as cursor:
        for table in ("outbox_contact", "outbox_message"):
            cursor.execute(f"SELECT * FROM {table}")
            kept = repr(cursor.fetchall())
            for secret in ("ann", "millbrook", "secret", "900123"):
                assert secret not in kept


@pytest.mark.django_db
def test_words_and_addresses_are_forgotten_in_time(clock):
    code()
    deliver_due()
    clock.shift(timedelta(days=6))
    erase_old_words()
    assert words_of(Message.objects.get()).text == "ABCD"
    clock.shift(timedelta(days=2))
    erase_old_words()
    assert Message.objects.get().sealed == ""
    clock.shift(timedelta(days=365))
    erase_old_words()
    contact = Contact.objects.get()
    assert contact.sealed == ""
    unsubscribe(contact)
    assert news(1) is None, "that they want no digests is not forgotten"
    assert code(key="code:2").contact_id == contact.pk
    assert deliver_due() == 1


@pytest.mark.django_db
def test_a_changed_secret_fails_messages_and_an_old_one_still_opens_them(settings):
    code()
    settings.SECRET_KEY, old = "another" * 10, settings.SECRET_KEY
    with pytest.raises(SealError):
        words_of(Message.objects.get())
    deliver_due()
    assert (Message.objects.get().state, Message.objects.get().reason) == ("failed", "unreadable")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert code().pk == Message.objects.get().pk, "its key is known by the older secret too"
    assert words_of(Message.objects.get()).text == "ABCD"
    try_again(Message.objects.get())
    deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"subject": " "}, {"key": ""}, {"text": "x" * 20_001}])
def test_a_message_without_a_subject_or_too_long_is_refused(wrong):
    with pytest.raises(Refused):
        code(**wrong)
    assert not Message.objects.exists()
