"""Nobody needs an account: a code to an address shows that the address is theirs.

What was typed waits sealed off from everybody, and is forgotten when the code never comes back.
"""

import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.files import actions as files
from doorstep.apps.ideas.actions import messages
from doorstep.apps.ideas.actions.following import follow
from doorstep.apps.ideas.actions.proposing import Said, propose
from doorstep.apps.ideas.limits import DAY, HOUR, refuse_too_many
from doorstep.apps.ideas.models import Follower, Idea, Unconfirmed
from doorstep.apps.outbox.actions import contact_for
from doorstep.apps.outbox.models import Medium
from doorstep.apps.outbox.rules import address_or_refuse
from doorstep.apps.outbox.sending import address_of
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.engine.rulebook import rule

DIGITS = 6
PHOTO = "idea-photo"


def _rule(key: str) -> int:
    return int(rule(f"idea.{key}", timezone.localdate()).value)


def ask_to_propose(
    round_: Round,
    said: Mapping[str, Any],
    *,
    address: str,
    photo: files.Upload | None = None,
    connection: str,
) -> Unconfirmed:
    """Keep a proposal until its code comes back. `said` is `Said` as plain data, and `ground`."""
    return _ask(round_, None, said, address=address, photo=photo, connection=connection)


def ask_to_follow(idea: Idea, *, address: str, connection: str) -> Unconfirmed:
    """Keep the wish to follow an idea until its code comes back."""
    return _ask(idea.round, idea, {}, address=address, photo=None, connection=connection)


def _ask(
    round_: Round,
    follows: Idea | None,
    said: Mapping[str, Any],
    *,
    address: str,
    photo: files.Upload | None,
    connection: str,
) -> Unconfirmed:
    given = address_or_refuse(address)
    if given.medium != Medium.EMAIL:
        # A text costs money, and a stranger could have thousands sent to a number not theirs.
        raise Refused(_("Give an e-mail address: the code is sent there."), code="email_only")
    language = translation.get_language() or ""
    waiting = Unconfirmed.objects.filter(
        round=round_, follows=follows, said=dict(said), idea=None,
        tries_left__gt=0, expires_at__gt=timezone.now(),
    )  # fmt: skip
    if (row := waiting.filter(contact=contact_for(given.text, language)).first()) is not None:
        return row
    # Counted before the photo is looked at: making a picture anew is what costs the server most.
    _count(given.text, connection)
    by = Actor("author", round_.slug)
    with (
        (
            files.keeping(photo, purpose=PHOTO, public=False, by=by, pictures_only=True)
            if photo is not None
            else nullcontext()
        ) as stored,
        transaction.atomic(),
    ):
        # Writing the contact's row makes a second click wait here for the first.
        contact = contact_for(given.text, language)
        row = waiting.filter(contact=contact).first()
        if row is None:
            row = Unconfirmed(
                token=secrets.token_urlsafe(24),
                round=round_,
                follows=follows,
                said=dict(said),
                photo=stored,
                contact=contact,
            )
            _with_code(row)
    return row


def send_new_code(row: Unconfirmed, *, connection: str) -> None:
    """Another code to the same address; the one before it no longer counts."""
    if row.idea_id is not None:
        return
    _count(address_of(row.contact).text, connection)
    with transaction.atomic():
        row = Unconfirmed.objects.select_for_update(of=("self",)).get(pk=row.pk)
        row.codes_sent += 1
        _with_code(row)


def _count(address: str, connection: str) -> None:
    refuse_too_many("address", address, _rule("codes_to_an_address"), DAY)
    refuse_too_many("connection", connection, _rule("codes_to_a_connection"), HOUR)


def _with_code(row: Unconfirmed) -> None:
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row.code_hash = _hash(row.token, code)
    row.tries_left = _rule("code_tries")
    row.expires_at = timezone.now() + timedelta(minutes=_rule("code_holds"))
    row.save()
    messages.code(row, code, _rule("code_holds"))


def _hash(token: str, code: str) -> str:
    return salted_hmac("doorstep.ideas.code", f"{token}:{code}", algorithm="sha256").hexdigest()


def confirm(row: Unconfirmed, code: str) -> Idea:
    """The code came back: do what was asked. Sent twice, it was done once.

    A try is spent, for good, before the code is looked at: a thousand requests at one moment have
    five tries between them.
    """
    if row.idea is not None:
        return row.idea
    typed = "".join(c for c in unicodedata.normalize("NFKC", code[:40]) if c in "0123456789")
    if len(typed) != DIGITS:
        raise Refused(
            _("The code has six digits. Look for it in the message we sent."), code="code_form"
        )
    now = timezone.now()
    spent = Unconfirmed.objects.filter(pk=row.pk, tries_left__gt=0, expires_at__gt=now).update(
        tries_left=F("tries_left") - 1
    )
    row.refresh_from_db()
    if row.idea is not None:
        return row.idea
    if not spent:
        raise Refused(
            _("This code has run out of time. Ask for a new one: your words are kept.")
            if row.expires_at <= now
            else _("That was too many tries. Ask for a new code: your words are kept."),
            code="code_over",
        )
    if not constant_time_compare(row.code_hash, _hash(row.token, typed)):
        if not row.tries_left:
            raise Refused(
                _("That is not the code. Ask for a new one: your words are kept."),
                code="code_over",
            )
        raise Refused(
            ngettext(
                "That is not the code. You can try %(n)s more time.",
                "That is not the code. You can try %(n)s more times.",
                row.tries_left,
            )
            % {"n": row.tries_left},
            code="code_wrong",
        )
    return _done(row)


@transaction.atomic
def _done(row: Unconfirmed) -> Idea:
    lock_head()
    row = (
        Unconfirmed.objects.select_for_update(of=("self",))
        .select_related("round", "contact", "follows", "photo", "idea")
        .get(pk=row.pk)
    )
    if row.idea is not None:
        return row.idea
    if row.follows is not None:
        idea = row.follows
        messages.following(idea, follow(idea, row.contact))
    else:
        said = dict(row.said)
        ground = said.pop("ground")
        idea = propose(row.round, Said(**said), ground=ground, author=row.contact, photo=row.photo)
        messages.thanks(idea, Follower.objects.get(idea=idea, is_author=True))
    row.idea, row.said, row.photo = idea, {}, None
    row.save()
    return idea


def forget_unconfirmed() -> int:
    """Forget what was never confirmed, and its photos; how many were forgotten."""
    before = timezone.now() - timedelta(hours=_rule("unconfirmed_kept"))
    gone = 0
    for row in Unconfirmed.objects.filter(made_at__lt=before).select_related("photo"):
        with transaction.atomic():
            photo = row.photo
            row.delete()
            if photo is not None:
                files.erase(photo, reason="never confirmed", actor=Actor("system", "ideas"))
            gone += 1
    return gone
