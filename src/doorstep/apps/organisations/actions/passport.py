"""What a group does with its passport: hands in a paper, says who is tied to whom, shares it,
takes that back, finds a sponsor. And what a reader does: open it, which is written down."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.files.actions import Upload, erase, keeping
from doorstep.apps.organisations import rules
from doorstep.apps.organisations.actions.bodies import refuse_stranger
from doorstep.apps.organisations.models import (
    Document,
    Officer,
    Opening,
    Organisation,
    Share,
    Sponsorship,
    Tie,
    TiesSaid,
)
from doorstep.apps.organisations.queries import officers_on
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import holding, said_day
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


def give_document(
    organisation: Organisation,
    kind: str,
    upload: Upload | bytes,
    *,
    issued: date,
    expires: date | None,
    on: date,
    actor: Actor,
) -> Document:
    """Keep a paper, once, for every application to come. A newer one of its kind replaces it."""
    if kind not in Document.Kind.values:
        raise Refused(_("Choose which paper this is."), code="document_kind")
    rules.refuse_bad_days(issued, expires, on)
    account = refuse_stranger(organisation, actor, on)
    purpose = f"passport-{kind.replace('_', '-')}"
    with keeping(upload, purpose=purpose, public=False, by=actor) as stored, transaction.atomic():
        lock_head(Log.AUDIT)
        leaf = _told(
            "document_given",
            organisation,
            actor,
            document_kind=str(kind),
            issued=issued.isoformat(),
            expires=expires.isoformat() if expires else "",
            fingerprint=stored.fingerprint,
        )
        return Document.objects.create(
            organisation=organisation,
            kind=kind,
            file=stored,
            issued=issued,
            expires=expires,
            given_by_id=account,
            given_on=on,
            leaf=leaf,
        )


@transaction.atomic
def take_out_document(document: Document, *, on: date, actor: Actor) -> Document:
    """The group takes a paper out again; its content is erased, and its days stay."""
    lock_head(Log.AUDIT)
    document = Document.objects.select_related("organisation", "file").get(pk=document.pk)
    refuse_stranger(document.organisation, actor, on)
    if document.taken_out_on is not None:
        raise Refused(_("This paper was taken out already."), code="document_out")
    document.taken_out_on = on
    document.save(update_fields=["taken_out_on"])
    erase(document.file, reason=_("The group took it out of its passport."), actor=actor)
    _told("document_taken_out", document.organisation, actor, document=document.pk)
    return document


@transaction.atomic
def say_ties(
    organisation: Organisation, ties: Mapping[int, str], *, on: date, actor: Actor
) -> TiesSaid:
    """An officer says whom of the other officers they live with, are related to or do business
    with: {account: kind}, and nobody for the rest. What they said before of these ends."""
    lock_head(Log.AUDIT)
    account = refuse_stranger(organisation, actor, on)
    others = {one.account_id for one in officers_on(organisation, on)} - {account}
    if set(ties) - others or set(ties.values()) - set(Tie.Kind.values):
        raise Refused(_("Say it of the others who speak for this group."), code="ties")
    standing = Tie.objects.filter(holding(on), account_id=account, other__in=others, until=None)
    kept = set()
    for tie in standing:
        if ties.get(tie.other_id) == tie.kind:
            kept.add(tie.other_id)
        else:
            tie.until = on
            tie.save(update_fields=["until"])
    for other, kind in ties.items():
        if other not in kept:
            Tie.objects.create(account_id=account, other_id=other, kind=kind, since=on)
    # Who lives with whom is nobody's business for ever: the leaf says only that it was said.
    leaf = _told("ties_said", organisation, actor)
    return TiesSaid.objects.create(organisation=organisation, account_id=account, on=on, leaf=leaf)


@transaction.atomic
def ask_sponsor(
    group: Organisation, sponsor: Organisation, *, on: date, actor: Actor
) -> Sponsorship:
    """A group asks an organisation to stand for it: to hold its money and lend its papers."""
    lock_head(Log.AUDIT)
    account = refuse_stranger(group, actor, on)
    if group.pk == sponsor.pk:
        raise Refused(_("A group cannot sponsor itself. Name another."), code="sponsor_self")
    if sponsor.kind in {Organisation.Kind.INFORMAL}:
        raise Refused(
            _("A sponsor holds your money, so it has rules of its own. Name a constituted one."),
            code="sponsor_informal",
        )
    if Sponsorship.objects.filter(group=group, until=None).exists():
        raise Refused(
            _("The group has a sponsor, or has asked one, already. End that first."),
            code="sponsor_open",
        )
    _told("sponsor_asked", group, actor, sponsor=sponsor.slug)
    return Sponsorship.objects.create(
        group=group, sponsor=sponsor, asked_by_id=account, asked_on=on
    )


@transaction.atomic
def accept_sponsorship(sponsorship: Sponsorship, *, on: date, actor: Actor) -> Sponsorship:
    """Somebody who speaks for the sponsor says yes."""
    lock_head(Log.AUDIT)
    held = _sponsorship(sponsorship)
    account = refuse_stranger(held.sponsor, actor, on)
    if held.until is not None or held.since is not None:
        raise Refused(_("This was answered already."), code="sponsor_answered")
    if account == held.asked_by_id:
        raise Refused(
            _("You asked for the group, so somebody else says yes for the sponsor."),
            code="sponsor_by_one",
        )
    held.since = on
    held.save(update_fields=["since"])
    _told("sponsor_accepted", held.group, actor, sponsor=held.sponsor.slug)
    return held


@transaction.atomic
def end_sponsorship(sponsorship: Sponsorship, *, on: date, actor: Actor) -> Sponsorship:
    """Either side ends it, or takes the question back. The group's own papers stay its own."""
    lock_head(Log.AUDIT)
    held = _sponsorship(sponsorship)
    if held.until is not None:
        raise Refused(_("This has ended already."), code="sponsor_ended")
    speaks = Officer.objects.filter(
        holding(on), account_id=actor.id, organisation__in=[held.group_id, held.sponsor_id]
    )
    if not speaks.exists():
        refuse_stranger(held.group, actor, on)
    held.until = on
    held.save(update_fields=["until"])
    _told("sponsor_ended", held.group, actor, sponsor=held.sponsor.slug)
    return held


@transaction.atomic
def share(
    organisation: Organisation,
    with_: Organisation | Place,
    papers: Sequence[str],
    *,
    last_day: date,
    on: date,
    actor: Actor,
) -> Share:
    """Let a named body read the passport up to and on a day, and open these kinds of papers. What
    it was allowed before is replaced."""
    lock_head(Log.AUDIT)
    account = refuse_stranger(organisation, actor, on)
    longest = on + timedelta(days=int(rule("passport.share_at_most", on).value))
    if not on <= last_day <= longest:
        raise Refused(
            _("Share it up to a day between today and %(last)s.") % {"last": said_day(longest)},
            code="last_day",
        )
    if set(papers) - set(Document.Kind.values):
        raise Refused(_("Choose among the papers of the passport."), code="document_kind")
    if with_ == organisation:
        raise Refused(_("Your own people read it anyway. Name another body."), code="share_self")
    whom = {"reader": with_} if isinstance(with_, Organisation) else {"place": with_}
    for standing in Share.objects.filter(organisation=organisation, ended_on=None, **whom):
        standing.ended_on = on
        standing.save(update_fields=["ended_on"])
    leaf = _told(
        "shared",
        organisation,
        actor,
        reader=with_.slug if isinstance(with_, Organisation) else "",
        place=with_.slug if isinstance(with_, Place) else "",
        papers=sorted(papers),
        last_day=last_day.isoformat(),
    )
    return Share.objects.create(
        organisation=organisation,
        papers=sorted(papers),
        shared_by_id=account,
        shared_on=on,
        last_day=last_day,
        leaf=leaf,
        **whom,
    )


@transaction.atomic
def take_back_share(given: Share, *, on: date, actor: Actor) -> Share:
    """From now on that body reads nothing. What it read before stands in the log."""
    lock_head(Log.AUDIT)
    given = Share.objects.select_related("organisation").get(pk=given.pk)
    refuse_stranger(given.organisation, actor, on)
    if given.ended_on is not None:
        raise Refused(_("This was taken back already."), code="share_ended")
    given.ended_on = on
    given.save(update_fields=["ended_on"])
    _told("share_taken_back", given.organisation, actor, share=given.pk)
    return given


@transaction.atomic
def open_passport(
    given: Share, document: Document | None, account: Account, *, on: date, actor: Actor
) -> Opening:
    """A reader opens the passport, or a paper of it. Written down before anything is shown."""
    lock_head(Log.AUDIT)
    given = Share.objects.select_related("organisation").get(pk=given.pk)
    if not given.open_on(on):
        raise Refused(_("This is not shared with you any more."), code="share_ended")
    if document is not None and (
        document.kind not in given.papers
        or document.organisation_id != given.organisation_id
        or document.taken_out_on is not None
    ):
        raise Refused(_("This paper is not shared with you."), code="paper_not_shared")
    leaf = _told(
        "opened",
        given.organisation,
        actor,
        share=given.pk,
        document=document.pk if document else 0,
    )
    return Opening.objects.create(
        share=given, document=document, account=account, role=actor.kind, leaf=leaf
    )


def _sponsorship(sponsorship: Sponsorship) -> Sponsorship:
    return Sponsorship.objects.select_related("group", "sponsor").get(pk=sponsorship.pk)


def _told(event: str, organisation: Organisation, actor: Actor, **said: object) -> Leaf:
    """The audit log: what a group holds is for those it shares it with."""
    body = {"organisation": organisation.slug, **said, "actor": actor.as_leaf()}
    return write_leaf(f"passport.{event}", body, log=Log.AUDIT)
