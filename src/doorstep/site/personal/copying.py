"""A copy of everything that is held about a person, found by walking the models."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Said
from doorstep.apps.files.models import Content, StoredFile
from doorstep.apps.ideas.models import Idea, Step
from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.sending import address_of, words_of
from doorstep.apps.people.actions import record_copy
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log, Wording
from doorstep.site.personal.held import HELD
from doorstep.site.personal.leaves import leaves_about
from doorstep.site.personal.people import Person, points_to

# Of these a copy gives a word about them and not themselves: they open or seal something.
_SECRET = {"password", "session", "sealed", "sealed_number", "lookup", "token", "code_hash"}
_SECRET |= {"hashed", "salt"}
# Files that somebody handed in: the field that says who, where a row names an account, and the
# field of the file. A file that others handed in is not of whoever looked at it.
HANDED_IN: dict[str, tuple[str, str]] = {
    "organisations.Document": ("given_by_id", "file"),
    "rounds.Tally": ("counter_id", "photo"),
    "awards.Receipt": ("handed_by_id", "file"),
    "awards.ResultNote": ("told_by_id", "photo"),
    "ideas.Idea": ("", "photo"),
    "ideas.Step": ("", "photo"),
    "ideas.Unconfirmed": ("", "photo"),
}

Rows = dict[str, list[models.Model]]


def copy_for(person: Person) -> dict[str, Any]:
    """Everything held about somebody, as plain data for JSON."""
    rows = rows_about(person)
    told = Message.objects.filter(contact__in=person.contacts)
    every = [row for some in rows.values() for row in some]
    return {
        "about": _("What Doorstep holds about you, and what becomes of it if you are erased."),
        "made_at": timezone.now().isoformat(),
        "account": _row(person.account) if person.account else None,
        "signs_in_by": [_row(row) for row in Authenticator.objects.filter(user=person.account)]
        if person.account
        else [],
        "rows": {label: [_row(row) for row in some] for label, some in rows.items()},
        "files": list(_files(person, rows)),
        "messages": [_told(message) for message in told],
        "reached_at": [_reached(contact) for contact in person.contacts],
        "record": [_leaf(leaf) for leaf in leaves_about(person, every)],
        "fate": {name: {"fate": held.fate, "why": held.why} for name, held in sorted(HELD.items())},
    }


def record_copy_for(person: Person, *, actor: Actor) -> None:
    """Somebody took a copy of everything that is held about a person."""
    if person.account is not None:
        record_copy(person.account, actor=actor)
        return
    numbers = {"contacts": [one.pk for one in person.contacts], "ideas": person.ideas}
    write_leaf("contact.copied", {**numbers, "actor": actor.as_leaf()}, log=Log.AUDIT)


def rows_about(person: Person) -> Rows:
    """{model: its rows that point to the person}, walked and not listed by hand, and those that
    are theirs through another row."""
    found: Rows = {}
    for model in apps.get_models():
        if model in {Authenticator, Message}:
            continue  # they have parts of their own, where they are opened or left closed
        about = theirs(person, model)
        if about is not None and (rows := list(model._base_manager.filter(about))):
            found[model._meta.label] = rows
    return found


def theirs(person: Person, model: type[models.Model]) -> models.Q | None:
    """Which rows of a table are about somebody; None where none can be."""
    if model is Idea:
        return models.Q(pk__in=person.ideas)
    if model is Step:
        return models.Q(idea__in=person.ideas)
    if model is Said and person.account is not None:
        return models.Q(application__asked_by=person.account)
    return points_to(person, model)


def _files(person: Person, rows: Rows) -> Iterator[dict[str, Any]]:
    """Each file that they handed in, once, with its content."""
    wanted: dict[int, str] = {}
    for label, (who, what) in HANDED_IN.items():
        for row in rows.get(label, []):
            mine = not who or (person.account and getattr(row, who) == person.account.pk)
            if mine and getattr(row, f"{what}_id"):
                wanted.setdefault(getattr(row, f"{what}_id"), f"{label} {row.pk}")
    stored = StoredFile.objects.in_bulk(wanted)
    for content in Content.objects.filter(pk__in=wanted).iterator(chunk_size=10):
        file = stored[content.pk]
        yield {
            "of": wanted[file.pk],
            "name": file.file_name,
            "kind": file.kind,
            "size": file.size,
            "base64": b64encode(bytes(content.data)).decode()
            if content.erasure_id is None
            else _("erased"),
        }


def counted(person: Person) -> int:
    """How many rows are about somebody, without reading one: a page costs little, whoever asks."""
    held = ((model, theirs(person, model)) for model in apps.get_models())
    return sum(
        model._base_manager.filter(about).count()
        for model, about in held
        if about is not None and model not in {Authenticator, Message}
    )


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


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {"log": leaf.log, "number": leaf.idx, "kind": leaf.kind, "at": str(leaf.recorded_at)}
