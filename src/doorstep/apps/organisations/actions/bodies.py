"""What happens to an organisation: it joins, is identified, and names its officers."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations import rules
from doorstep.apps.organisations.models import Identifier, Officer, Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import Spell, holding, overlaps, said_day
from doorstep.apps.places.rules import refuse_bad_slug, refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused


@transaction.atomic
def open_organisation(slug: str, name: str, kind: str, *, actor: Actor) -> Organisation:
    """An organisation joins, under an address that it keeps for ever."""
    refuse_bad_slug(slug, 80)
    refuse_blank({_("name"): name}, {_("name"): 200})
    if kind not in Organisation.Kind.values:
        raise Refused(
            _("“%(kind)s” is not a kind of organisation. Use one of %(known)s.")
            % {"kind": kind, "known": ", ".join(Organisation.Kind.values)},
            code="organisation_kind",
        )
    lock_head()
    if Organisation.objects.filter(slug=slug).exists():
        raise Refused(
            _("There is an organisation at “%(slug)s” already. If it is the same, use it.")
            % {"slug": slug},
            code="organisation_exists",
        )
    organisation = Organisation.objects.create(slug=slug, name=name, kind=kind)
    write_leaf(
        "organisation.opened",
        {
            "organisation": slug,
            "name": keep_words(name).commitment,
            "organisation_kind": str(kind),
            "actor": actor.as_leaf(),
        },
    )
    return organisation


@transaction.atomic
def identify(organisation: Organisation, scheme: str, value: str, *, actor: Actor) -> Identifier:
    """Add its number on a public register, checked against that register's form."""
    value = rules.written_identifier(scheme, value)
    lock_head()
    holder = Identifier.objects.filter(scheme=scheme, value=value).first()
    if holder is not None:
        raise Refused(
            _("%(number)s is on the list already. A register gives each number to one body.")
            % {"number": f"{scheme}-{value}"},
            code="identifier_exists",
        )
    identifier = Identifier.objects.create(organisation=organisation, scheme=scheme, value=value)
    write_leaf(
        "organisation.identified",
        {
            "organisation": organisation.slug,
            "scheme": str(scheme),
            "value": value,
            "actor": actor.as_leaf(),
        },
    )
    return identifier


@transaction.atomic
def begin_office(
    organisation: Organisation, account: Account, title: str, *, since: date, actor: Actor
) -> Officer:
    """Somebody begins to speak for an organisation. The leaf goes to the audit log."""
    if title not in Officer.Title.values:
        raise Refused(
            _("“%(title)s” is not an office. Use one of %(known)s.")
            % {"title": title, "known": ", ".join(Officer.Title.values)},
            code="office",
        )
    lock_head(Log.AUDIT)
    earlier = Officer.objects.filter(organisation=organisation, account=account, title=title)
    if overlaps(earlier, since, None):
        raise Refused(
            _("This account holds that office on some of these days already. End it first."),
            code="office_overlaps",
        )
    officer = Officer.objects.create(
        organisation=organisation, account=account, title=title, since=since
    )
    write_leaf(
        "organisation.office_began",
        {
            "organisation": organisation.slug,
            "office": officer.pk,
            "account": account.pk,
            "title": str(title),
            "since": since.isoformat(),
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    return officer


@transaction.atomic
def end_office(officer: Officer, *, on: date, actor: Actor) -> Officer:
    """`on` is the first day on which the account no longer holds the office."""
    lock_head(Log.AUDIT)
    officer = Officer.objects.get(pk=officer.pk)
    end_spell(officer, on)
    write_leaf(
        "organisation.office_ended",
        {"office": officer.pk, "until": on.isoformat(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return officer


def end_spell(spell: Spell, on: date) -> None:
    """End a spell, once, and not before it began; its room writes the leaf."""
    if spell.until is not None and spell.until <= on:
        raise Refused(
            _("This ended on %(day)s already.") % {"day": said_day(spell.until)},
            code="spell_ended",
        )
    if on < spell.since:
        raise Refused(
            _("This begins on %(day)s. End it on that day or later.")
            % {"day": said_day(spell.since)},
            code="spell_backwards",
        )
    spell.until = on
    spell.save(update_fields=["until"])


def refuse_stranger(organisation: Organisation, actor: Actor, on: date) -> int:
    """The account of whoever acts, who must speak for the organisation that day."""
    held = Officer.objects.filter(holding(on), organisation=organisation, account_id=actor.id)
    if not held.exists():
        raise Refused(
            _("Only somebody who speaks for %(name)s may do this.") % {"name": organisation.name},
            code="no_office",
        )
    return int(actor.id)
