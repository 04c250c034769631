"""Messages that wait to be sent, to whom, and what happens by itself at regular times.

None of it is of the record: a leaf for every e-mail would tell more about people than it proves.
What was promised by message stands in the record already.
"""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(18)


class Medium(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    LETTER = "letter", _("Letter")


class Contact(models.Model):
    """Where somebody is reached. `lookup` finds it by its address, which itself is sealed; an
    address that was not written to for long is forgotten (`sealed` goes to empty).

    `token` stands in the link that ends the digests.
    """

    lookup = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    medium = models.CharField(max_length=6, choices=Medium)
    language = models.CharField(max_length=5, default="en-gb")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    unsubscribed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(medium__in=["email", "sms", "letter"]), name="contact_medium_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en-gb", "cy"]), name="contact_language_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.pk}"


class Message(models.Model):
    """One thing to tell somebody. `key` makes it once; `sealed` holds its words until some days
    after it was sent. A worker holds a message by `claim` until `claimed_until`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        DROPPED = "dropped", _("Not wanted")

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    topic = models.SlugField(max_length=40)
    key = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    at_once = models.BooleanField()
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    made_at = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", ended_at=None)
                | Q(state__in=["sent", "failed", "dropped"], ended_at__isnull=False),
                name="message_state_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed", reason=""), name="message_that_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(claim="", claimed_until=None)
                | (~Q(claim="") & Q(claimed_until__isnull=False)),
                name="message_claim_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try"], condition=Q(state="queued"), name="messages_waiting"),
            models.Index(fields=["state", "-ended_at"], name="messages_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class ChoreRun(models.Model):
    """When a chore is due next, and which worker does it now."""

    name = models.CharField(max_length=200, primary_key=True)
    due_at = models.DateTimeField()
    worker = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    faults = models.PositiveIntegerField(default=0)  # in a row

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """A worker that lives says so every few seconds; one that is silent has let go of its work."""

    worker = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
