"""What is held about one person: given to them whole, and erased wherever it may be.

Copies are found by walking the models, so that a new table is in them from its first day: every
row that points to the account, and every row that points to one of its contacts. What a field
holds about a person is said in `HELD` below; a test walks all fields, and a new one fails it until
it is named.

The record holds numbers and commitments, so it stays whole: what is erased are names, addresses,
words with their salts, sealed texts and ways to sign in. What must be kept, such as who approved a
payment, stays with the account's number, and the copy says so.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.applying import forget_applications
from doorstep.apps.awards.models import GrantForm
from doorstep.apps.ideas.models import Follower, Unconfirmed
from doorstep.apps.organisations.models import Officer, Tie
from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox.actions import contacts_of, forget_contact
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.sending import address_of, words_of
from doorstep.apps.partnerships.models import Candidate, Membership
from doorstep.apps.people.devices import end_others
from doorstep.apps.people.models import Account, Noted
from doorstep.apps.people.queries import roles_of
from doorstep.apps.people.spells import holding
from doorstep.apps.promises.models import Feed
from doorstep.apps.record.actions import erase_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log, Wording
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Recount, Round, RoundState
from doorstep.apps.voting.models import Trustee

ERASED, KEPT = "erased", "kept"


@dataclass(frozen=True)
class Held:
    """What becomes of a field about a person, and why where it is kept."""

    fate: str
    why: str = ""


_GONE = Held(ERASED)
_ACCOUNTS = Held(KEPT, "accounts and their audit: who paid, who approved, and on whose details")
_OFFICE = Held(KEPT, "who decided, and when; by the account's number, without a name")
_PUBLIC = Held(KEPT, "words somebody gave to be public; without a name, and erased one by one")

# Every field that points to a person, or holds their words or address, by the model's label.
HELD: dict[str, Held] = {
    "people.Account.email": _GONE,
    "people.Account.password": _GONE,
    "account.EmailAddress.user": _GONE,
    "account.EmailAddress.email": _GONE,
    "mfa.Authenticator.user": _GONE,
    "mfa.Authenticator.data": _GONE,
    "people.Role.account": _OFFICE,
    "people.Device.account": _GONE,
    "people.Noted.account": _GONE,
    "organisations.Officer.account": _OFFICE,
    "organisations.BankMandate.account": _ACCOUNTS,
    "organisations.BankMandate.account_name": _ACCOUNTS,
    "organisations.BankMandate.sealed_number": _ACCOUNTS,
    "organisations.Tie.account": _GONE,
    "organisations.Tie.other": _GONE,
    "organisations.TiesSaid.account": _OFFICE,
    "organisations.Signatory.account": _OFFICE,
    "organisations.MandateChange.account_name": _ACCOUNTS,
    "organisations.MandateChange.sealed_number": _ACCOUNTS,
    "organisations.MandateChange.asked_by": _ACCOUNTS,
    "organisations.MandateChange.decided_by": _ACCOUNTS,
    "organisations.Document.given_by": _OFFICE,
    "organisations.Sponsorship.asked_by": _OFFICE,
    "organisations.Share.shared_by": _OFFICE,
    "organisations.Opening.account": Held(
        KEPT, "a group may know who opened its passport, by body and role, without a name"
    ),
    "partnerships.Membership.account": _OFFICE,
    "partnerships.Membership.name": _GONE,
    "partnerships.Filling.opened_by": _OFFICE,
    "partnerships.Candidate.account": _OFFICE,
    "partnerships.Candidate.name": _GONE,
    "partnerships.Household.one": Held(KEPT, "by the account's number; who may not vote on what"),
    "partnerships.Household.other": Held(KEPT, "by the account's number; who may not vote on what"),
    "partnerships.Plan.put_by": _OFFICE,
    "partnerships.Plan.draft": Held(KEPT, "lines of a plan that name nobody; empty once it is out"),
    "partnerships.MemorandumSignature.account": _OFFICE,
    "partnerships.CouncilAgreement.draft": Held(
        KEPT, "duties of bodies, which name nobody; empty once the agreement is offered"
    ),
    "partnerships.CouncilSignature.account": _OFFICE,
    "outbox.Contact.sealed": _GONE,
    "outbox.Contact.lookup": _GONE,
    "outbox.Message.contact": _GONE,
    "outbox.Message.sealed": _GONE,
    "ideas.Follower.contact": _GONE,
    "ideas.Unconfirmed.contact": _GONE,
    "ideas.Unconfirmed.said": _GONE,
    "ideas.Idea.title": _PUBLIC,
    "ideas.Idea.what": _PUBLIC,
    "ideas.Idea.where": _PUBLIC,
    "ledger.Match.confirmed_by": _OFFICE,
    "ledger.BankLine.sealed": _ACCOUNTS,
    "rounds.Recount.signer": _OFFICE,
    "rounds.Recount.name": _GONE,
    "rounds.Tally.counter": _OFFICE,
    "rounds.TallySheet.first_counter": _OFFICE,
    "rounds.TallySheet.second_counter": _OFFICE,
    "voting.Keying.keyer": _OFFICE,
    "voting.StackCount.counter": _OFFICE,
    "voting.Trustee.account": _OFFICE,
    "voting.Trustee.name": _GONE,
    "voting.HouseAsk.account": _OFFICE,
    "voting.LetterAddress.lines": Held(KEPT, "erased for everybody when the round is sealed"),
    "promises.Promise.held_by": _OFFICE,
    "promises.Feed.account": Held(KEPT, "the address is ended at once, and its hash opens nothing"),
    "fund.Step.asked_by": _ACCOUNTS,
    "fund.StepAnswer.account": _ACCOUNTS,
    "awards.Agreement.payee_account": _ACCOUNTS,
    "awards.Signature.account": _ACCOUNTS,
    "awards.MandateHold.entered_by": _ACCOUNTS,
    "awards.MandateCheck.called_by": _ACCOUNTS,
    "awards.Payment.payee_account": _ACCOUNTS,
    "awards.Payment.raised_by": _ACCOUNTS,
    "awards.Approval.account": _ACCOUNTS,
    "awards.PaymentFile.made_by": _ACCOUNTS,
    "awards.Stop.account": _ACCOUNTS,
    "awards.Receipt.handed_by": _ACCOUNTS,
    "awards.Receipt.checked_by": _ACCOUNTS,
    "awards.GrantForm.officer": _GONE,
    "awards.GrantForm.published_by": _OFFICE,
    "awards.GrantForm.extras": Held(KEPT, "what a form asked of everybody; nothing of a person"),
    "awards.Application.risks": Held(KEPT, "facts of a project by which its paper was decided"),
    "awards.Application.asked_by": _ACCOUNTS,
    "awards.Application.title": _GONE,
    "awards.Application.purpose": _GONE,
    "awards.Application.invoice": _GONE,
    "awards.Application.reason": _GONE,
    "awards.Said.words": _GONE,
    "awards.Say.account": _OFFICE,
    "awards.SharedHome.one": Held(KEPT, "so that nobody decides for their own household"),
    "awards.SharedHome.other": Held(KEPT, "so that nobody decides for their own household"),
    "awards.Review.written_by": _OFFICE,
    "awards.Funding.drafted_by": _ACCOUNTS,
    "awards.Funding.accepted_by": _ACCOUNTS,
    "awards.SpendReport.said_by": _ACCOUNTS,
    "awards.Move.said_by": _ACCOUNTS,
    "awards.Move.ended_by": _ACCOUNTS,
    "awards.CloseOut.begun_by": _ACCOUNTS,
    "awards.CloseOut.closed_by": _ACCOUNTS,
    "awards.ResultNote.told_by": _ACCOUNTS,
    "awards.ResultNote.shown_by": _ACCOUNTS,
    "files.Content.data": _ACCOUNTS,
}

# Of these a copy gives a word about them and not themselves: they open or seal something.
_SECRET = {"password", "session", "sealed", "sealed_number", "lookup", "token", "code_hash"}
_SECRET |= {"hashed", "salt"}


def copy_of(account: Account) -> dict[str, Any]:
    """Everything held about a person, as plain data for JSON."""
    contacts = list(contacts_of(account.email))
    return {
        "about": _("What Doorstep holds about you, and what becomes of it if you are erased."),
        "made_at": timezone.now().isoformat(),
        "account": _row(account),
        "signs_in_by": [_row(row) for row in Authenticator.objects.filter(user=account)],
        "rows": dict(_rows_about(account, contacts)),
        "messages": [_told(message) for message in Message.objects.filter(contact__in=contacts)],
        "reached_at": [_reached(contact) for contact in contacts],
        "record": [_leaf(leaf) for leaf in _leaves_about(account)],
        "fate": {name: {"fate": held.fate, "why": held.why} for name, held in sorted(HELD.items())},
    }


def _rows_about(
    account: Account, contacts: list[Contact]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each model with the rows that point to the person, walked and not listed by hand."""
    for model in apps.get_models():
        if model in {Authenticator, Message}:
            continue  # they have parts of their own, where they are opened or left closed
        about = models.Q(pk__in=[])
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                if field.related_model is Account:
                    about |= models.Q(**{field.name: account})
                elif field.related_model is Contact:
                    about |= models.Q(**{f"{field.name}__in": contacts})
        if about != models.Q(pk__in=[]) and (rows := list(model._base_manager.filter(about))):
            yield model._meta.label, [_row(row) for row in rows]


def _row(row: models.Model) -> dict[str, Any]:
    """A row in plain values; words in place of their number, and secrets as "kept secret"."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in _SECRET or isinstance(field, models.BinaryField):
            found[field.name] = _("kept secret") if value else ""
        elif isinstance(row, Authenticator) and field.name == "data":
            found["name"] = row.data.get("name", "")
        elif isinstance(field, models.ForeignKey) and field.related_model is Wording:
            found[field.name] = getattr(row, field.name).text if value else ""
        elif isinstance(value, dict | list | int | bool | str) or value is None:
            found[field.name] = value
        else:
            found[field.name] = str(value)
    return found


def _told(message: Message) -> dict[str, Any]:
    try:
        words: Any = asdict(words_of(message))
    except (SealError, ValueError):
        words = _("erased")
    return {"topic": message.topic, "made_at": message.made_at.isoformat(), "words": words}


def _reached(contact: Contact) -> dict[str, str]:
    try:
        return {"medium": contact.medium, "address": address_of(contact).text}
    except SealError:
        return {"medium": contact.medium, "address": _("erased")}


def _leaves_about(account: Account) -> Iterator[Leaf]:
    """Lines of both logs that name the account's number, as who acted or whom it is about."""
    for leaf in Leaf.objects.order_by("log", "idx").iterator():
        body = json.loads(bytes(leaf.body))
        said = body.get("body", body)
        actor = said.get("actor") or {}
        if said.get("account") == account.pk or actor.get("id") == account.pk:
            yield leaf


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {"log": leaf.log, "number": leaf.idx, "kind": leaf.kind, "at": str(leaf.recorded_at)}


@transaction.atomic
def erase_person(account: Account, *, reason: str, actor: Actor) -> Leaf:
    """Erase what may be erased of a person, everywhere. Refused, with what to do first, while
    they still hold a role or a task that others count on. The record stays whole."""
    lock_head(Log.AUDIT)
    account = Account.objects.get(pk=account.pk)
    if account.email == _nobody(account):
        raise Refused(_("This account was erased already. There is nothing left."), code="erased")
    _refuse_while_needed(account)
    if not reason.strip():
        raise Refused(_("Write why: the person asked, or the account is not used."), code="reason")
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
    for contact in contacts_of(account.email):
        Follower.objects.filter(contact=contact).delete()
        Unconfirmed.objects.filter(contact=contact).delete()
        forget_contact(contact)
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
