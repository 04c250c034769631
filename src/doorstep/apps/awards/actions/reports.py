"""What became of the money: receipts handed in and checked, what happened, and closed years."""

from contextlib import nullcontext
from datetime import date
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised
from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.looks import differing, marks_of, picture_of
from doorstep.apps.awards.models import Agreement, Award, AwardKind, Payment, PaymentState
from doorstep.apps.awards.models.reports import (
    Outcome,
    Receipt,
    ReceiptState,
    ResultNote,
    YearReport,
)
from doorstep.apps.awards.queries.payments import tie_of
from doorstep.apps.files.actions import Upload, keeping
from doorstep.apps.files.models import StoredFile
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.outbox.actions import tell
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

_TOLD = 4000
File = Upload | IO[bytes] | bytes


def hand_in_receipt(payment: Payment, upload: File, *, pence: int, actor: Actor) -> Receipt:
    """Keep a receipt for a payment that was sent. Not public until somebody else has looked at it.

    The same file again is the first one. A picture that looks like another is kept and flagged.
    """
    check_pence(pence)
    today = timezone.localdate()
    _refuse_receipt(payment, today)
    # Outside the transaction: pictures are made anew in a process of their own.
    with keeping(upload, purpose="receipt", public=False, by=actor) as stored:
        return _handed_in(payment, stored, pence, today, actor)


def _handed_in(
    payment: Payment, stored: StoredFile, pence: int, today: date, actor: Actor
) -> Receipt:
    data = bytes(stored.content.data)
    marks, picture = marks_of(data), picture_of(data) if stored.is_image else ""
    with transaction.atomic():
        lock_head()
        _refuse_receipt(payment, today)
        same = Receipt.objects.filter(payment=payment, mark__in=marks)
        earlier = same.exclude(state=ReceiptState.SENT_BACK).first()
        if earlier is not None:
            return earlier
        alike = _alike(payment, marks, picture, today)
        leaf = write_leaf(
            "receipt.handed_in",
            {
                "award": payment.award.slug,
                "payment": payment.slug,
                "pence": pence,
                "fingerprint": stored.fingerprint,
                "looks_like_another": alike is not None,
                "actor": actor.as_leaf(),
            },
        )
        receipt = Receipt.objects.create(
            award=payment.award,
            payment=payment,
            pence=pence,
            file=stored,
            mark=marks[0],
            picture=picture,
            looks_like=alike,
            handed_by_id=_account(actor),
            handed_in=leaf,
        )
        promised.follow(payment.award, on=today, actor=actor, leaf=leaf)
        return receipt


def show_receipt(receipt: Receipt, *, covered: File | None = None, actor: Actor) -> Receipt:
    """Somebody else looked: it may be seen as it is, or as `covered`, a version of it in which
    names and numbers of people are covered. The original stays private."""
    by = person(actor)
    _refuse_own(receipt, by)
    _refuse_tied(receipt.award, by)
    if receipt.state == ReceiptState.SHOWN:
        return receipt
    seen = covered if covered is not None else bytes(receipt.file.content.data)
    with (
        keeping(seen, purpose="receipt", public=True, by=actor) as public,
        transaction.atomic(),
    ):
        lock_head()
        receipt = Receipt.objects.select_related("payment", "award").get(pk=receipt.pk)
        if receipt.state == ReceiptState.SHOWN:
            return receipt
        _refuse_checked(receipt)
        receipt.checked = write_leaf(
            "receipt.shown",
            {
                "award": receipt.award.slug,
                "payment": receipt.payment.slug,
                "pence": receipt.pence,
                "receipt": receipt.pk,
                "fingerprint": public.fingerprint,
                "covered": covered is not None,
                "actor": actor.as_leaf(),
            },
        )
        receipt.state, receipt.shown, receipt.checked_by_id = ReceiptState.SHOWN, public, by
        receipt.save(update_fields=["state", "shown", "checked", "checked_by"])
    return receipt


@transaction.atomic
def send_receipt_back(receipt: Receipt, *, reason: str, actor: Actor) -> Receipt:
    """It cannot be used: blurred, of something else, or a copy. Another can be handed in."""
    by = person(actor)
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    lock_head()
    receipt = Receipt.objects.select_related("payment", "award").get(pk=receipt.pk)
    _refuse_own(receipt, by)
    if receipt.state == ReceiptState.SENT_BACK:
        return receipt
    _refuse_checked(receipt)
    receipt.reason = keep_words(reason)
    receipt.checked = leaf = write_leaf(
        "receipt.sent_back",
        {
            "award": receipt.award.slug,
            "payment": receipt.payment.slug,
            "pence": receipt.pence,
            "receipt": receipt.pk,
            "reason": receipt.reason.commitment,
            "actor": actor.as_leaf(),
        },
    )
    receipt.state, receipt.checked_by_id = ReceiptState.SENT_BACK, by
    receipt.save(update_fields=["state", "reason", "checked", "checked_by"])
    promised.follow(receipt.award, on=timezone.localdate(), actor=actor, leaf=leaf)
    return receipt


@transaction.atomic
def ask_for_receipts(payment: Payment, address: str, *, link: str, actor: Actor) -> None:
    """Send whoever was paid a link that takes receipts and what happened, without an account. The
    address is kept by the outbox alone."""
    person(actor)
    if payment.award.kind == AwardKind.UNRESTRICTED:
        raise Refused(_("An unrestricted award needs no receipts."), code="receipt_unrestricted")
    title = payment.award.title.text or payment.award.slug
    tell(
        address,
        subject=_("Your receipts for “%(title)s”") % {"title": title},
        text=_(
            "You were paid for “%(title)s”. Take a photo of each receipt and hand it in here. You "
            "can also say what happened, in your own words. You need no account, and the link is "
            "for you alone."
        )
        % {"title": title},
        topic="receipts",
        key=f"receipts:{payment.slug}:{address.strip().casefold()}:{timezone.localdate()}",
        link=link,
        at_once=True,
    )


def tell_result(
    award: Award, *, outcome: str, words: str, photo: File | None = None, actor: Actor
) -> ResultNote:
    """What happened, in their words. Told twice the same it is told once."""
    refuse_blank({_("what happened"): words}, {_("what happened"): _TOLD})
    if outcome not in Outcome.values:
        raise Refused(_("Choose what happened from the list."), code="result_outcome")
    if award.is_example:
        raise Refused(
            _("This award is of pretend money, from an example election. Nothing is paid on it."),
            code="award_example",
        )
    told = award.results.filter(outcome=outcome, words__text=words)
    if (earlier := told.first()) is not None:
        return earlier
    _refuse_more_results(award)
    with (
        (
            keeping(photo, purpose="result", public=False, by=actor, pictures_only=True)
            if photo is not None
            else nullcontext()
        ) as stored,
        transaction.atomic(),
    ):
        lock_head()
        if (earlier := told.first()) is not None:
            return earlier
        _refuse_more_results(award)
        said = keep_words(words)
        # The record shows the words of every public leaf, so this one does not commit to them yet.
        leaf = write_leaf(
            "result.told",
            {
                "award": award.slug,
                "outcome": str(outcome),
                "photo": stored.fingerprint if stored else None,
                "actor": actor.as_leaf(),
            },
        )
        note = ResultNote.objects.create(
            award=award, outcome=outcome, words=said, photo=stored, told_by_id=_account(actor),
            told=leaf,
        )  # fmt: skip
        promised.follow(award, on=timezone.localdate(), actor=actor, leaf=leaf)
        return note


def show_result(note: ResultNote, *, with_photo: bool, actor: Actor) -> ResultNote:
    """Somebody else read it: no private thing about anybody stands in it."""
    by = person(actor)
    if note.told_by_id == by:
        raise Refused(
            _("You wrote this, so somebody else reads it before it is public."), code="result_own"
        )
    _refuse_tied(note.award, by)
    if note.shown_id is not None:
        return note
    with (
        (
            keeping(bytes(note.photo.content.data), purpose="result", public=True, by=actor)
            if with_photo and note.photo is not None
            else nullcontext()
        ) as public,
        transaction.atomic(),
    ):
        lock_head()
        note = ResultNote.objects.select_related("award", "words").get(pk=note.pk)
        if note.shown_id is not None:
            return note
        note.shown = write_leaf(
            "result.shown",
            {
                "award": note.award.slug,
                "outcome": note.outcome,
                "words": note.words.commitment,
                "photo": public.fingerprint if public else None,
                "actor": actor.as_leaf(),
            },
        )
        note.public_photo, note.shown_by_id = public, by
        note.save(update_fields=["shown", "public_photo", "shown_by"])
    return note


def close_year(
    award: Award, *, ends_on: date, accounts: File, story: str, actor: Actor
) -> YearReport:
    """One more year of an unrestricted award, with the group's accounts and a page of story."""
    person(actor)
    refuse_blank({_("story"): story}, {_("story"): _TOLD})
    if award.kind != AwardKind.UNRESTRICTED:
        raise Refused(
            _("Only an unrestricted award closes its years. The others show receipts."),
            code="year_of_another_kind",
        )
    if ends_on > timezone.localdate():
        raise Refused(_("This year has not ended yet."), code="year_not_ended")
    with (
        keeping(accounts, purpose="accounts", public=True, by=actor) as kept,
        transaction.atomic(),
    ):
        lock_head()
        earlier = award.years.filter(ends_on=ends_on).first()
        if earlier is not None:
            return earlier
        last = award.years.order_by("-number").first()
        if last is not None and ends_on <= last.ends_on:
            raise Refused(_("A later year was closed already."), code="year_out_of_order")
        number = last.number + 1 if last else 1
        told = keep_words(story)
        leaf = write_leaf(
            "award.year_closed",
            {
                "award": award.slug,
                "number": number,
                "ends_on": ends_on.isoformat(),
                "accounts": kept.fingerprint,
                "story": told.commitment,
                "actor": actor.as_leaf(),
            },
        )
        year = YearReport.objects.create(
            award=award, number=number, ends_on=ends_on, accounts=kept, story=told, leaf=leaf
        )
        promised.follow(award, on=timezone.localdate(), actor=actor, leaf=leaf)
        return year


def _refuse_receipt(payment: Payment, today: date) -> None:
    if payment.award.kind == AwardKind.UNRESTRICTED:
        raise Refused(_("An unrestricted award needs no receipts."), code="receipt_unrestricted")
    if payment.state not in {PaymentState.RELEASED, PaymentState.CLEARED}:
        raise Refused(
            _("This payment was not sent yet. Hand in receipts once it was."), code="receipt_early"
        )
    most = int(rule("receipt.most", today, payment.award.place.slug).value)
    if payment.receipts.count() >= most:
        raise Refused(
            _(
                "This payment has %(most)s receipts already. Put several on one picture, or ask "
                "the partnership."
            )
            % {"most": most},
            code="receipt_most",
        )


def _alike(payment: Payment, marks: list[str], picture: str, today: date) -> Receipt | None:
    """The earliest receipt of this place that is the same file, or looks the same."""
    others = Receipt.objects.filter(award__place=payment.award.place_id).order_by("pk")
    same = others.filter(mark__in=marks).first()
    if same is not None or not picture:
        return same
    most = int(rule("receipt.same_picture", today, payment.award.place.slug).value)
    for pk, other in others.exclude(picture="").values_list("pk", "picture"):
        if differing(picture, other) <= most:
            return others.get(pk=pk)
    return None


def _refuse_own(receipt: Receipt, by: int) -> None:
    if receipt.handed_by_id == by:
        raise Refused(
            _("You handed this in, so somebody else looks at it before it is public."),
            code="receipt_own",
        )


def _refuse_tied(award: Award, by: int) -> None:
    """Whoever was paid, speaks for them or is close to them makes nothing of it public: what comes
    by a link says nothing of who handed it in."""
    agreement = Agreement.objects.filter(award=award).first()
    if agreement is None:
        return
    tie = tie_of(by, award, agreement, timezone.localdate())
    if tie.is_payee or tie.speaks_for_payee or tie.stayed_out or tie.interest:
        raise Refused(
            _(
                "You are close to whoever was paid, so somebody else looks at it before it is "
                "public."
            ),
            code="receipt_tied",
        )


def _refuse_more_results(award: Award) -> None:
    most = int(rule("report.results_most", timezone.localdate(), award.place.slug).value)
    if award.results.count() >= most:
        raise Refused(
            _(
                "This award has told %(most)s times what happened. If there is more to tell, ask "
                "the partnership."
            )
            % {"most": most},
            code="result_most",
        )


def _refuse_checked(receipt: Receipt) -> None:
    if receipt.state != ReceiptState.WAITING:
        raise Refused(_("This receipt was looked at already."), code="receipt_checked")


def _account(actor: Actor) -> int | None:
    """The account that acts; none for a payee who came by a link."""
    return actor.id if actor.kind != "payee" and type(actor.id) is int else None
