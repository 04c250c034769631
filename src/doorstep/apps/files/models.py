"""Pictures and papers that people hand in: what was kept, and its content beside it."""

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThan

SALT_BYTES = 16


def new_token() -> str:
    return secrets.token_urlsafe(24)


class StoredFile(models.Model):
    """What is known of a file for ever; its row never changes. `token` is its only name: neither
    the name it came with nor who took the picture is kept.

    `fingerprint` is the SHA-256 of salt and content, so that the record can commit to a file and
    say nothing of it once the salt is erased.
    """

    class Kind(models.TextChoices):
        PICTURE = "image/jpeg"
        PAPER = "application/pdf"

    token = models.CharField(max_length=40, unique=True, default=new_token)
    purpose = models.SlugField(max_length=40)
    public = models.BooleanField()
    kind = models.CharField(max_length=20, choices=Kind)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()  # of its first page, in pixels
    height = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True)
    kept = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["image/jpeg", "application/pdf"]), name="file_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, pages__gt=0, width__gt=0, height__gt=0),
                name="file_has_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def file_name(self) -> str:
        return f"{self.purpose}-{self.pk}.{'jpg' if self.is_image else 'pdf'}"


class Content(models.Model):
    """The bytes. They go to empty, with their salt, once and by a leaf that says so."""

    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    salt = models.BinaryField()
    data = models.BinaryField()
    erasure = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Exact(Length("salt"), SALT_BYTES), GreaterThan(Length("data"), 0), erasure=None
                )
                | Q(Exact(Length("salt"), 0), Exact(Length("data"), 0), erasure__isnull=False),
                name="file_content_whole_or_erased",
            )
        ]

    def __str__(self) -> str:
        return str(self.file_id)
