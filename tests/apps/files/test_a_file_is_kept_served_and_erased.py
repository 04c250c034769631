"""Rows, addresses and headers of kept files; what the database refuses; what verify finds."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import PROTECT, ForeignKey
from django.http import Http404
from django.urls import reverse

from doorstep.apps.files.actions import erase, erase_left_behind, keep, keeping
from doorstep.apps.files.forms import UploadField
from doorstep.apps.files.models import Content, StoredFile
from doorstep.apps.files.verify import verify_files
from doorstep.apps.files.views import serve
from doorstep.apps.record import seals
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from tests.apps.files.making import paper, photo

TEST = Actor("worker", 7)


def kept(data: bytes = b"", *, public: bool = True, purpose: str = "receipt") -> StoredFile:
    return keep(data or photo(), purpose=purpose, public=public, by=TEST)


@pytest.mark.django_db
def test_the_record_commits_to_a_file_and_says_nothing_of_it():
    stored = kept(public=False)
    body = body_of(Leaf.objects.get(kind="file.kept"))
    content = stored.content
    whole = hashlib.sha256(bytes(content.salt) + bytes(content.data)).hexdigest()
    assert body["fingerprint"] == stored.fingerprint == whole
    assert set(body) == {"v", "kind", "time", "fingerprint", "purpose", "public", "actor"}
    assert Leaf.objects.get(kind="file.kept").log == "audit"
    assert not list(verify_files())


@pytest.mark.django_db
def test_a_public_picture_is_shown_as_what_it_is(client):
    stored = kept()
    answer = client.get(reverse("file", args=[stored.token]))
    assert answer.status_code == 200
    assert answer.content == bytes(stored.content.data)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script" not in answer["Content-Security-Policy"]
    again = client.get(
        reverse("file", args=[stored.token]), headers={"if-none-match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.django_db
def test_a_paper_is_taken_home():
    answer = serve(kept(paper(), public=False))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="receipt-')
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_private_file_has_no_address_and_none_can_be_guessed(client):
    stored = kept(public=False)
    for token in (stored.token, "x", str(stored.pk)):
        assert client.get(reverse("file", args=[token])).status_code == 404
    assert len(stored.token) >= 32


@pytest.mark.django_db
def test_an_erased_file_is_gone_for_good(client):
    stored = kept()
    leaf = erase(stored, reason="A face is on it.", actor=TEST)
    content = Content.objects.get()
    assert (bytes(content.data), bytes(content.salt), content.erasure) == (b"", b"", leaf)
    assert client.get(reverse("file", args=[stored.token])).status_code == 404
    with pytest.raises(Http404):
        serve(stored)
    with pytest.raises(Refused, match="erased already"):
        erase(stored, reason="Again.", actor=TEST)
    assert not list(verify_files())


@pytest.mark.django_db
def test_a_purpose_is_a_word():
    for wrong in ("", "../etc", 'a"b', "Receipt", "x" * 41):
        with pytest.raises(Refused):
            kept(purpose=wrong)


@pytest.mark.django_db
def test_where_pictures_are_wanted_a_paper_is_refused():
    with pytest.raises(Refused, match="This is a PDF"):
        keep(paper(), purpose="idea", public=True, by=TEST, pictures_only=True)


class Handing(forms.Form):
    receipt = UploadField()
    picture = UploadField(pictures_only=True, required=False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose a file."),
        ({"receipt": SimpleUploadedFile("a.png", b"")}, "The file is empty"),
        ({"receipt": SimpleUploadedFile("a.png", b"<svg/>")}, "not a picture or a PDF"),
        ({"receipt": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * 10485760)}, "10 MB"),
        ({"picture": SimpleUploadedFile("a.png", b"%PDF-1.4")}, "This is a PDF"),
    ],
)
def test_a_form_says_what_is_wrong_with_a_file(given, said):
    form = Handing({}, given)
    assert not form.is_valid()
    assert said in str(form.errors)


@pytest.mark.django_db
def test_a_form_hands_over_the_whole_file():
    form = Handing({}, {"receipt": SimpleUploadedFile("a.exe", photo(), "text/html")})
    assert form.is_valid(), form.errors
    stored = kept(form.cleaned_data["receipt"])
    assert (stored.kind, stored.width, stored.height) == ("image/jpeg", 600, 400)


# Each protection: statements that must be refused while it stands, and get in without it.
FILE, CONTENT = "files_storedfile", "files_content"
CHANGES = {
    "files_storedfile_no_update": f"UPDATE {FILE} SET public = NOT public",
    "files_storedfile_no_delete": (
        f"DELETE FROM {FILE} WHERE id NOT IN (SELECT file_id FROM {CONTENT})"
    ),
    "files_storedfile_no_truncate": f"TRUNCATE {FILE} CASCADE",
    "files_storedfile_no_replace": (
        f"INSERT OR REPLACE INTO {FILE} (id, token, purpose, public, kind, size, pages, width, "
        "height, fingerprint, kept_id) SELECT id, token, 'other', public, kind, size, pages, width,"
        f" height, fingerprint, kept_id FROM {FILE} WHERE id NOT IN (SELECT file_id FROM {CONTENT})"
    ),
    "files_content_erased_by_leaf": f"UPDATE {CONTENT} SET data = salt",
    "files_content_no_delete": f"DELETE FROM {CONTENT}",
    "files_content_no_truncate": f"TRUNCATE {CONTENT}",
    "files_content_no_replace": (
        f"INSERT OR REPLACE INTO {CONTENT} (file_id, salt, data, erasure_id) "
        f"SELECT file_id, salt, salt, NULL FROM {CONTENT}"
    ),
    "files_content_kept_first": (
        f"INSERT INTO {CONTENT} (file_id, salt, data, erasure_id) SELECT id, {{empty}}, {{empty}}, "
        f"(SELECT max(id) FROM record_leaf) FROM {FILE} "
        f"WHERE id NOT IN (SELECT file_id FROM {CONTENT})"
    ),
}
CHECKS = {
    "file_kind_known": f"UPDATE {FILE} SET kind = 'text/html'",
    "file_has_something": f"UPDATE {FILE} SET pages = 0",
    "file_content_whole_or_erased": f"UPDATE {CONTENT} SET salt = {{empty}}",
}
UNIQUE = {
    "token": f"UPDATE {FILE} SET token = 'same'",
    "fingerprint": f"UPDATE {FILE} SET fingerprint = 'same'",
    "kept": f"UPDATE {FILE} SET kept_id = (SELECT min(kept_id) FROM {FILE})",
    "erasure": f"UPDATE {CONTENT} SET erasure_id = (SELECT max(id) FROM record_leaf), "
    "salt = {empty}, data = {empty}",
}


def admitted(sql: str) -> bool:
    empty = "x''" if connection.vendor == "sqlite" else "''::bytea"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(empty=empty))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def lift(name: str) -> None:
    [table] = [seal.table for seal in seals.triggers(connection.vendor) if seal.name == name]
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


@pytest.fixture
def files(committed_db):
    """Two whole files, and one whose content is not there (so that foreign keys do not help)."""
    kept()
    kept(paper(), public=False)
    orphan = kept()
    with connection.cursor() as cursor:
        lift("files_content_no_delete")
        cursor.execute(f"DELETE FROM {CONTENT} WHERE file_id = %s", [orphan.pk])
    seals.install(connection)


def test_every_seal_is_tried():
    standing = {
        seal.name for seal in seals.triggers(connection.vendor) if seal.table in {FILE, CONTENT}
    }
    others = {"files_storedfile_no_truncate", "files_content_no_truncate"}
    replaced = {"files_storedfile_no_replace", "files_content_no_replace"}
    foreign = others if connection.vendor == "sqlite" else replaced
    assert standing == set(CHANGES) - foreign


# SQLite deletes the row it replaces without asking that table's DELETE trigger only while
# recursive triggers are off; they are on, so the delete stands in front of the replace.
IN_FRONT = {
    "files_storedfile_no_replace": ["files_storedfile_no_delete"],
    "files_content_no_replace": ["files_content_no_delete"],
}


def test_each_seal_refuses_and_is_missed_when_gone(files):
    vendor = {seal.name for seal in seals.triggers(connection.vendor)}
    for name, statement in CHANGES.items():
        if name not in vendor:
            continue
        # TRUNCATE … CASCADE reaches every table that points here, and each has its own seal.
        reached = {
            one for one in vendor if name.endswith("_truncate") and one.endswith("_truncate")
        }
        for other in {*IN_FRONT.get(name, []), *reached} - {name}:
            lift(other)
        assert not admitted(statement), name
        lift(name)
        assert admitted(statement), name
        seals.install(connection)


def test_each_constraint_refuses_and_is_missed_when_gone(files, monkeypatch):
    for name in CHANGES:
        if name in {seal.name for seal in seals.triggers(connection.vendor)}:
            lift(name)
    held = {c.name: (m, c) for m in (StoredFile, Content) for c in m._meta.constraints}
    assert set(held) == set(CHECKS)
    for name, (model, constraint) in held.items():
        assert not admitted(CHECKS[name]), name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(CHECKS[name]), name


def test_each_unique_key_refuses_and_is_missed_when_gone(files):
    for name in CHANGES:
        if name in {seal.name for seal in seals.triggers(connection.vendor)}:
            lift(name)
    held = {
        field.name: (model, field)
        for model in (StoredFile, Content)
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }
    assert set(held) == set(UNIQUE)
    for name, (model, field) in held.items():
        assert not admitted(UNIQUE[name]), name
        if field.one_to_one:
            plain = ForeignKey(Leaf, PROTECT, null=field.null, related_name="+")
        else:
            plain = field.clone()
            plain._unique = False
        plain.set_attributes_from_name(field.name)
        plain.model = model
        with connection.schema_editor() as editor:
            editor.alter_field(model, field, plain)
        assert admitted(UNIQUE[name]), name


def test_verify_finds_a_changed_and_a_lost_content(committed_db):
    changed, lost = kept(), kept()
    erased = kept()
    erase(erased, reason="A face.", actor=TEST)
    assert not list(verify_files())
    for name in ("files_content_erased_by_leaf", "files_content_no_delete"):
        lift(name)
    Content.objects.filter(pk=changed.pk).update(data=photo((30, 30)))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {CONTENT} WHERE file_id = %s", [lost.pk])
    assert {finding.where for finding in verify_files()} == {
        f"File {changed.pk}", f"File {lost.pk}",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_file_whose_step_was_refused_is_erased_at_once():
    with pytest.raises(Refused), keeping(photo(), purpose="receipt", public=False, by=TEST):
        raise Refused("No.", code="no")
    assert Content.objects.get().erasure is not None
    assert not list(verify_files())


@pytest.mark.django_db
def test_what_nothing_points_at_is_erased_after_a_day_and_only_once():
    stored = kept()
    assert erase_left_behind() == 0
    with time_machine.travel(stored.kept.recorded_at + timedelta(hours=25)):
        assert erase_left_behind() == 1
        assert erase_left_behind() == 0
    assert bytes(Content.objects.get(pk=stored.pk).data) == b""


@pytest.mark.django_db
def test_what_any_room_points_at_stays():
    pointing = {
        field.related_model.__name__
        for field in StoredFile._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete
    }
    assert {"Idea", "Unconfirmed", "Receipt", "ResultNote", "YearReport"} <= pointing
