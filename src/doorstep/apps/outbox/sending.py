"""The worker's side of the outbox: claim what is due, send it outside every transaction, mark it.

At least once: a worker that dies between sending and marking leaves a claim that ends by itself,
and the message goes again, under the same Message-ID or reference. Never twice at one time: a
claim is taken under a lock (SKIP LOCKED on PostgreSQL, the one writer of SQLite).
"""

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.chores import chore
from doorstep.apps.organisations import strongbox
from doorstep.apps.outbox import gateways, rules
from doorstep.apps.outbox.actions import ADDRESS, WORDS
from doorstep.apps.outbox.gateways import NotSent
from doorstep.apps.outbox.models import Contact, Medium, Message
from doorstep.engine.rulebook import rule

log = logging.getLogger(__name__)

# Longer than any gateway may take; a message of a worker that died goes again after it.
CLAIM_HOLDS = timedelta(minutes=10)
MOST_IN_A_DIGEST = 100
QUEUED, SENT, FAILED = Message.State.QUEUED, Message.State.SENT, Message.State.FAILED


@dataclass(frozen=True)
class Words:
    """What one message says."""

    subject: str
    text: str
    link: str


def deliver_due(most: int = 50) -> int:
    """Send what is due now, at most so many; how many were tried. For every worker, at once."""
    tried = 0
    while tried < most and deliver_one():
        tried += 1
    return tried


def deliver_one() -> bool:
    """Claim and send one message, or one digest. False when nothing is due."""
    claim = secrets.token_hex(16)
    claimed = _claim(claim)
    if not claimed:
        return False
    try:
        told = _send(claimed)
    except strongbox.SealError:
        _mark_failed(claimed, claim, NotSent("unreadable", for_good=True))
    except NotSent as problem:
        _mark_failed(claimed, claim, problem)
    else:
        _mark_sent(claimed[:told], claim)
        _keep_for_the_next_digest(claimed[told:], claim)
    return True


def due(now: datetime) -> QuerySet[Message]:
    """What a gateway may take now; letters are printed from a page instead."""
    free = Q(claim="") | Q(claimed_until__lt=now)
    waiting = Message.objects.filter(free, state=QUEUED, next_try__lte=now)
    return waiting.exclude(contact__medium=Medium.LETTER)


def _claim(claim: str) -> list[Message]:
    """Take the message that has waited longest, and with one of a digest the whole digest."""
    now = timezone.now()
    if not due(now).exists():  # asked without a lock, every second
        return []
    taken: list[Message] = []
    while not taken:
        with transaction.atomic():
            # The receiver's row alone is locked, and first, so that no two workers make two digests
            # for one person. A row of a message that is locked on the way to it would be missed by
            # the worker who holds its receiver.
            free = due(now).select_related("contact")
            waiting = free.select_for_update(of=("contact",), skip_locked=True)
            first = waiting.order_by("next_try", "pk").first()
            if first is None:
                return []
            # Read again under the lock: another worker may have taken it a moment ago.
            same = free.filter(contact=first.contact_id, at_once=first.at_once).order_by("pk")
            taken = list(same.filter(pk=first.pk) if first.at_once else same[:MOST_IN_A_DIGEST])
            Message.objects.filter(pk__in=[message.pk for message in taken]).update(
                claim=claim, claimed_until=now + CLAIM_HOLDS, tries=F("tries") + 1
            )
    return sorted(taken, key=lambda message: message.pk)


def _held(claimed: Sequence[Message], claim: str) -> QuerySet[Message]:
    """Those that are still ours: a claim that ended may be another worker's by now."""
    return Message.objects.filter(pk__in=[message.pk for message in claimed], claim=claim)


def _mark_sent(told: Sequence[Message], claim: str) -> None:
    secret = _held(told, claim).filter(topic__startswith=rules.ERASED_WHEN_SENT)
    secret.update(sealed="")
    _held(told, claim).update(
        state=SENT, ended_at=timezone.now(), claim="", claimed_until=None, reason=""
    )


def _keep_for_the_next_digest(untold: Sequence[Message], claim: str) -> None:
    """A text message had no room for these: they were not tried."""
    _held(untold, claim).update(
        tries=F("tries") - 1,
        next_try=rules.next_digest(timezone.now()),
        claim="",
        claimed_until=None,
    )


def _mark_failed(claimed: Sequence[Message], claim: str, problem: NotSent) -> None:
    """Try again later, or give up and say why."""
    now = timezone.now()
    let_go = {"claim": "", "claimed_until": None, "reason": problem.reason}
    tries = max(message.tries for message in claimed) + 1  # as they were before this claim
    if problem.for_good or tries >= rules.most_tries(now):
        unwanted = problem.reason == "unsubscribed"
        state = Message.State.DROPPED if unwanted else FAILED
        _held(claimed, claim).update(state=state, ended_at=now, **let_go)
        log.warning("Messages %s were given up: %s", _numbers(claimed), problem.reason)
    else:
        _held(claimed, claim).update(next_try=now + rules.wait_after(tries), **let_go)


def _numbers(claimed: Sequence[Message]) -> str:
    return ", ".join(str(message.pk) for message in claimed)


def words_of(message: Message) -> Words:
    """What a message says. SealError once the secret was changed; ValueError once it was erased."""
    return Words(*json.loads(strongbox.open_sealed(message.sealed, WORDS)))


def address_of(contact: Contact) -> rules.Address:
    return rules.Address(Medium(contact.medium), strongbox.open_sealed(contact.sealed, ADDRESS))


def _send(claimed: Sequence[Message]) -> int:
    """Hand a message or a digest to its gateway; how many of them, the first ones, it told.

    Holds no lock and no transaction.
    """
    contact = Contact.objects.get(pk=claimed[0].contact_id)
    if not contact.sealed:
        raise NotSent("forgotten", for_good=True)
    digest = not claimed[0].at_once
    if digest and contact.unsubscribed_at is not None:
        raise NotSent("unsubscribed", for_good=True)
    said = [words_of(message) for message in claimed]
    reference = f"doorstep-{claimed[0].key[:32]}"
    away = settings.ADDRESS + reverse("unsubscribe", args=[contact.token])
    with translation.override(contact.language):
        if contact.medium == Medium.EMAIL:
            subject, text = as_email(said, digest, away)
            gateways.send_email(
                address_of(contact).text, subject, text, reference=reference, unsubscribe=away
            )
            return len(said)
        text, told = as_sms(said, digest, away)
        gateways.sms_gateway().send(address_of(contact).text, text, reference)
        return told


def as_email(said: Sequence[Words], digest: bool, away: str) -> tuple[str, str]:
    """Subject and text, in the language that is switched on."""
    if len(said) == 1:
        subject, parts = said[0].subject, [_whole(said[0])]
    else:
        subject = _("%(count)s things from your neighbourhood") % {"count": len(said)}
        parts = [f"{words.subject}\n\n{_whole(words)}" for words in said]
    text = "\n\n----\n\n".join(parts)
    ending = (
        _("You get at most one of these a day. To get no more of them: %(address)s")
        if digest
        else _("You get this because you asked for it. To end our other messages: %(address)s")
    ) % {"address": away}
    return subject, f"{text}\n\n-- \n{ending}\n"


def as_sms(said: Sequence[Words], digest: bool, away: str) -> tuple[str, int]:
    """The whole text if it fits, else the subjects with their links, as many as fit; how many of
    the messages that is, at least one."""
    ending = "\n" + _("No more of these: %(address)s") % {"address": away} if digest else ""
    whole = "\n\n".join(_whole(words) for words in said)
    if len(whole) + len(ending) <= rules.LONGEST_SMS:
        return whole + ending, len(said)
    short, told = _short(said[0]), 1
    for words in said[1:]:
        longer = f"{short}\n{_short(words)}"
        if len(longer) + len(ending) > rules.LONGEST_SMS:
            break
        short, told = longer, told + 1
    return short + ending, told


def _short(words: Words) -> str:
    return "\n".join(part for part in (words.subject[:120], _address(words.link)) if part)


def _whole(words: Words) -> str:
    return "\n\n".join(part for part in (words.text.strip(), _address(words.link)) if part)


def _address(link: str) -> str:
    return settings.ADDRESS + link if link.startswith("/") else link


@chore(every=timedelta(hours=1))
def erase_old_words() -> None:
    """Erase what messages said some days after they were sent, and forget old addresses."""
    now = timezone.now()
    today = timezone.localdate(now)
    old = now - timedelta(days=int(rule("message.erase_after", today).value))
    Message.objects.filter(ended_at__lt=old).exclude(sealed="").update(sealed="")
    silent = now - timedelta(days=int(rule("message.forget_address_after", today).value))
    waiting = Message.objects.filter(state=QUEUED).values("contact")
    Contact.objects.filter(told_at__lt=silent).exclude(sealed="").exclude(pk__in=waiting).update(
        sealed=""
    )
