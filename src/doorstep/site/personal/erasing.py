"""Erasing what may be erased of a person, everywhere."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.applying import forget_applications
from doorstep.apps.awards.models import GrantForm
from doorstep.apps.ideas.models import Follower, Unconfirmed
from doorstep.apps.organisations.models import Officer, Tie
from doorstep.apps.outbox.actions import contacts_of, forget_contact
from doorstep.apps.outbox.models import Contact
from doorstep.apps.partnerships.models import Candidate, Membership
from doorstep.apps.people.devices import end_others
from doorstep.apps.people.models import Account, Noted
from doorstep.apps.people.queries import roles_of
from doorstep.apps.people.spells import holding
from doorstep.apps.promises.models import Feed
from doorstep.apps.record.actions import erase_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Recount, Round, RoundState
from doorstep.apps.voting.models import Trustee
from doorstep.site.personal.people import Person


@transaction.atomic
def erase_person(
    account: Account, *, reason: str, actor: Actor, contacts: Iterable[Contact] = ()
) -> Leaf:
    """Erase what may be erased of a person, everywhere, with the `contacts` that are known to be
    theirs besides those of the account. Refused, with what to do first, while they still hold a
    role or a task that others count on. The record stays whole."""
    lock_head(Log.AUDIT)
    account = Account.objects.get(pk=account.pk)
    if account.email == _nobody(account):
        raise Refused(_("This account was erased already. There is nothing left."), code="erased")
    _refuse_while_needed(account)
    _refuse_without_a_reason(reason)
    names = [trustee.name for trustee in Trustee.objects.filter(account=account)]
    forms = GrantForm.objects.filter(published_by=account, officer__isnull=False)
    names += [form.officer for form in forms.select_related("officer") if form.officer]
    names += [signed.name for signed in Recount.objects.filter(signer=account) if signed.name]
    seats = Membership.objects.filter(account=account, name__isnull=False)
    names += [seat.name for seat in seats.select_related("name") if seat.name]
    stood = Candidate.objects.filter(account=account).select_related("name")
    names += [one.name for one in stood]
    for name in {name.pk: name for name in names}.values():
        if name.erasure_id is None:
            erase_words(name, actor=actor, reason=_("The person asked to be erased."))
    forget_applications(account)
    _forget_addresses({one.pk: one for one in (*contacts_of(account.email), *contacts)}.values())
    Tie.objects.filter(models.Q(account=account) | models.Q(other=account)).delete()
    Feed.objects.filter(account=account, ended_at=None).update(ended_at=timezone.now())
    end_others(account, None)
    Noted.objects.filter(account=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    Authenticator.objects.filter(user=account).delete()
    account.email = _nobody(account)
    account.is_active = False
    account.set_unusable_password()  # ends every session: their marks are made from it
    account.save(update_fields=["email", "is_active", "password"])
    return write_leaf(
        "account.erased", {"account": account.pk, "actor": actor.as_leaf()}, log=Log.AUDIT
    )


def erase(person: Person, *, reason: str, actor: Actor) -> Leaf:
    """The same for anybody. Whoever has no account loses every address they are written to and
    what hangs on it; the words of an idea are public, and erased one by one where it is hidden."""
    if person.account is not None:
        known = person.contacts
        return erase_person(person.account, reason=reason, actor=actor, contacts=known)
    _refuse_without_a_reason(reason)
    if not person.contacts:
        raise Refused(
            _(
                "No address is held of whoever had this idea, so there is nothing to erase but its "
                "words. Hide the idea, and erase its words there."
            ),
            code="erased",
        )
    with transaction.atomic():
        lock_head(Log.AUDIT)
        numbers = [contact.pk for contact in person.contacts]
        _forget_addresses(person.contacts)
        return write_leaf(
            "contact.erased", {"contacts": numbers, "actor": actor.as_leaf()}, log=Log.AUDIT
        )


def _refuse_without_a_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write why: the person asked, or the account is not used."), code="reason")


def _forget_addresses(contacts: Iterable[Contact]) -> None:
    """Addresses, what was written to them, what they follow, and what waits for a code."""
    for contact in contacts:
        Follower.objects.filter(contact=contact).delete()
        Unconfirmed.objects.filter(contact=contact).delete()
        forget_contact(contact)


def _nobody(account: Account) -> str:
    return f"erased-{account.pk}@erased.invalid"


def _refuse_while_needed(account: Account) -> None:
    today = timezone.localdate()
    needed = [
        (any(role.holds(today) for role in roles_of(account)), _("a role")),
        (
            Membership.objects.filter(holding(today), account=account).exists(),
            _("a seat in a partnership"),
        ),
        (
            Officer.objects.filter(holding(today), account=account).exists(),
            _("an office in an organisation"),
        ),
        (
            Round.objects.filter(trustees__account=account)
            .exclude(state__in=[RoundState.COUNTED, RoundState.SETTLED, RoundState.CANCELLED])
            .exists(),
            _("a key of a box that is not counted yet"),
        ),
    ]
    held = [words for holds, words in needed if holds]
    if held:
        raise Refused(
            _("This person still holds %(held)s. End that first, so that others know.")
            % {"held": ", ".join(held)},
            code="still_needed",
        )
