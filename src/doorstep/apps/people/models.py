"""Accounts and dated roles. A person is known by as little as the task needs."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.spells import Spell
from doorstep.apps.places.models import Place


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str) -> "Account":
        """A new account that signs in by e-mailed code; it has no password to lose."""
        account = self.model(email=self.normalize_email(email).lower())
        account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who signs in. Only the address that their code is sent to is kept here."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects = AccountManager()

    class Meta:
        constraints = [
            # Ann@… and ann@… reach one letter box, so they are one person.
            models.UniqueConstraint(Lower("email"), name="account_email_once_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.email


class Role(Spell):
    """What one account may act as, where, and on which days. No place means everywhere."""

    class Kind(models.TextChoices):
        FUNDER = "funder", _("funder")
        PARTNERSHIP_MEMBER = "partnership_member", _("partnership member")
        RESIDENT = "resident", _("resident")
        FINANCE_OFFICER = "finance_officer", _("finance officer")
        COUNCIL_OFFICER = "council_officer", _("council officer")
        WORKER = "worker", _("community worker")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=40, choices=Kind)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="roles"
    )

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "funder",
                        "partnership_member",
                        "resident",
                        "finance_officer",
                        "council_officer",
                        "worker",
                    ]
                ),
                name="role_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=False)
                | ~models.Q(kind__in=["partnership_member", "resident", "worker"]),
                name="role_of_a_neighbour_has_a_place",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "place"],
                condition=models.Q(until__isnull=True, place__isnull=False),
                name="role_open_once_at_a_place",
            ),
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=models.Q(until__isnull=True, place__isnull=True),
                name="role_open_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class Device(models.Model):
    """One session of an account, so that its owner sees where they are signed in and can end it.

    Of what the browser says of itself only "Firefox on Android" is kept, and no address.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    session = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=60)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Noted(models.Model):
    """A line of the private log: who signed in, was refused, was asked again. Kept for
    `account.log_kept`, and erased with the person. Holds no address, word or secret."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        SIGNED_OUT = "signed_out", _("signed out")
        SIGN_IN_FAILED = "sign_in_failed", _("typed a wrong code to sign in")
        SECOND_STEP_FAILED = "second_step_failed", _("typed a wrong number of the second step")
        ASKED_AGAIN = "asked_again", _("showed the second step again")
        SESSION_ENDED = "session_ended", _("ended a session on another device")
        REFUSED = "refused", _("was refused a page")
        LIMITED = "limited", _("sent a form too often")
        ROLE_GIVEN = "role_given", _("was given a role")
        ROLE_ENDED = "role_ended", _("lost a role")

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="noted")
    # The name of the address, never the address: some hold a secret. Of a role, which.
    what = models.CharField(max_length=120, blank=True)
    # A keyed hash (`limits.mark_of`), so that lines of one connection can be told to be of one.
    connection = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.account_id or ''}"
