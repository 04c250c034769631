"""Tell somebody something, and end the digests. Sending is the worker's (`sending.py`)."""

import json

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.apps.organisations import strongbox
from doorstep.apps.outbox import rules
from doorstep.apps.outbox.models import Contact, Medium, Message
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused
from doorstep.apps.typeface import printable

ADDRESS = b"doorstep address v1"
WORDS = b"doorstep message v1"
KEY = b"doorstep message key v1"  # a key may name an address, so it is not kept as it came


def tell(
    address: str,
    *,
    subject: str,
    text: str,
    topic: str,
    key: str,
    link: str = "",
    at_once: bool = False,
    language: str = "",
) -> Message | None:
    """Put a message into the outbox, within the caller's transaction: it is sent if that commits.

    `subject` and `text` are plain text in the receiver's language already; `link` is a path of
    this site or a whole address. `key` names the message: told twice, it is sent once, and the
    first wording stands. What is not `at_once` goes into the receiver's daily digest, or nowhere
    (None) if they ended it: so `at_once` is for what answers something they just asked for.
    `language` is kept for what follows; without it the language of the page is taken for a new
    receiver. Raises Refused when the address is none.
    """
    return _queue(
        rules.address_or_refuse(address),
        [subject, text, link],
        topic=topic,
        key=key,
        at_once=at_once,
        language=language,
    )


def tell_by_letter(
    lines: str, *, subject: str, text: str, topic: str, key: str, place: Place, link: str = "",
    language: str = "",
) -> Message | None:  # fmt: skip
    """Put a letter into the outbox, for somebody who has neither e-mail nor a mobile phone.
    A worker of the place prints and posts it."""
    address = rules.postal_address_or_refuse(lines)
    for words in (address.text, subject, text):
        printable(words)  # refused now, to whoever writes it, rather than in a run of five hundred
    return _queue(
        address, [subject, text, link], topic=topic, key=key, at_once=True, language=language,
        place=place,
    )  # fmt: skip


@transaction.atomic
def contact_for(address: str, language: str = "") -> Contact:
    """The contact of an address, made where there was none. For rooms that keep whom to tell."""
    return _contact_for(rules.address_or_refuse(address), language)


@transaction.atomic
def contact_by_post(lines: str, language: str = "") -> Contact:
    """The same for somebody who has neither e-mail nor a mobile phone: their postal address."""
    address = rules.postal_address_or_refuse(lines)
    printable(address.text)
    return _contact_for(address, language)


def language_of(address: str) -> str:
    """The language in which somebody was told things before; English for a stranger."""
    found = _contact(rules.address_or_refuse(address))
    return found.language if found else "en-gb"


@transaction.atomic
def unsubscribe(contact: Contact) -> None:
    """No more digests. What waits for one is dropped; answers to what they ask for still come."""
    now = timezone.now()
    Contact.objects.filter(pk=contact.pk, unsubscribed_at=None).update(unsubscribed_at=now)
    contact.messages.filter(state=Message.State.QUEUED, at_once=False, claim="").update(
        state=Message.State.DROPPED, ended_at=now, reason="unsubscribed"
    )


def subscribe_again(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(unsubscribed_at=None)


@transaction.atomic
def forget_words(topic: str) -> None:
    """Erase what every message on a topic says. What waits to be sent is dropped."""
    found = Message.objects.filter(topic=topic)
    found.filter(state=Message.State.QUEUED).update(
        state=Message.State.DROPPED, ended_at=timezone.now(), reason="forgotten", claim="",
        claimed_until=None,
    )  # fmt: skip
    found.exclude(sealed="").update(sealed="")


def contacts_of(address: str) -> QuerySet[Contact]:
    """The contact of an address, found under every secret that is in use; none makes none."""
    plain = rules.address_or_refuse(address)
    return Contact.objects.filter(lookup__in=strongbox.fingerprints(plain.text, ADDRESS))


@transaction.atomic
def forget_contact(contact: Contact) -> None:
    """Erase an address and every word that was or would be sent to it."""
    now = timezone.now()
    waiting = contact.messages.filter(state=Message.State.QUEUED)
    waiting.update(
        state=Message.State.DROPPED, ended_at=now, reason="forgotten", claim="", claimed_until=None
    )
    contact.messages.exclude(sealed="").update(sealed="")
    contact.sealed, contact.lookup = "", f"forgotten-{contact.pk}"
    contact.save(update_fields=["sealed", "lookup"])


@transaction.atomic
def try_again(message: Message) -> None:
    """Put a message that failed back into the outbox, if its words are still there."""
    now = timezone.now()
    found = Message.objects.filter(pk=message.pk, state=Message.State.FAILED).exclude(sealed="")
    found.update(
        state=Message.State.QUEUED, ended_at=None, reason="", tries=0, next_try=now, claim="",
        claimed_until=None,
    )  # fmt: skip


def _queue(
    address: rules.Address,
    words: list[str],
    *,
    topic: str,
    key: str,
    at_once: bool,
    language: str,
    place: Place | None = None,
) -> Message | None:
    now = timezone.now()
    if not key or not words[0].strip() or len(words[1]) > rules.LONGEST_TEXT:
        raise Refused(
            _("A message has a key, a subject and a text of some length."), code="message"
        )
    with transaction.atomic():
        contact = _contact_for(address, language)
        if contact.unsubscribed_at is not None and not at_once:
            return None
        keys = strongbox.fingerprints(key, KEY)
        if told := Message.objects.filter(key__in=keys).first():
            return told
        message, _made = Message.objects.get_or_create(
            key=keys[0],
            defaults={
                "contact": contact,
                "place": place,
                "topic": topic,
                "sealed": strongbox.seal(json.dumps(words), WORDS),
                "at_once": at_once,
                "made_at": now,
                "next_try": now if at_once else rules.next_digest(now),
            },
        )
    return message


def _contact(address: rules.Address) -> Contact | None:
    lookups = strongbox.fingerprints(address.text, ADDRESS)
    return Contact.objects.filter(lookup__in=lookups).first()


def _contact_for(address: rules.Address, language: str) -> Contact:
    now = timezone.now()
    known = _language(language or get_language() or "")
    contact = _contact(address)
    if contact is None:
        contact, _made = Contact.objects.get_or_create(
            lookup=strongbox.fingerprints(address.text, ADDRESS)[0],
            defaults={
                "sealed": strongbox.seal(address.text, ADDRESS),
                "medium": Medium(address.medium),
                "language": known,
                "told_at": now,
            },
        )
    contact.told_at = now
    contact.sealed = contact.sealed or strongbox.seal(address.text, ADDRESS)
    if language:
        contact.language = known
    contact.save(update_fields=["told_at", "sealed", "language"])
    return contact


def _language(tag: str) -> str:
    return "cy" if tag.startswith("cy") else "en-gb"
