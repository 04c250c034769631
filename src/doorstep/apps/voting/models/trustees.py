"""Who opens the box: three trustees with keys of their own, and copies of the round's key that only
two of them together can read. The server never holds a key that opens a ballot, except where the
partnership said in public that it shall (`house`)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from doorstep.apps.people.models import Account
from doorstep.apps.rounds.models import Round

HOW_MANY = 3
KEY_BYTES = 65
# Each layer adds the sender's point and a tag (81 bytes) to the private key's 97: see box.js.
INNER_BYTES = 97 + 81
OUTER_BYTES = INNER_BYTES + 81


class Trustee(models.Model):
    """One of the three who can open a round's box. Named in public, by a name they agreed to."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="trustees")
    number = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="trusteeships")
    name = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    # Made on their own device; the private half never leaves it.
    public_key = models.BinaryField(null=True)
    # Their device has opened its layer of the copies once, before the freeze.
    tried = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="trustee_number_once"),
            models.UniqueConstraint(fields=["round", "account"], name="trustee_once_a_round"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=HOW_MANY), name="trustee_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(public_key=None) | Q(Exact(Length("public_key"), KEY_BYTES)),
                name="trustee_key_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"trustee {self.number} of round {self.round_id}"


class RoundKey(models.Model):
    """The key that ballots are sealed to. Its private half is in copies, or in the strongbox."""

    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, primary_key=True, related_name="key"
    )
    public_key = models.BinaryField()
    made_by = models.OneToOneField(
        Trustee, on_delete=models.PROTECT, null=True, related_name="made_key"
    )
    # Only where the house opens the box; emptied when the poll is sealed.
    in_strongbox = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("public_key"), KEY_BYTES), name="roundkey_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(made_by=None) | Q(in_strongbox=""), name="roundkey_in_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"key of round {self.round_id}"


class KeyCopy(models.Model):
    """The round's private key, sealed to `second` and then to `first`.

    `inner` is what is left when the first has taken the outer layer off: only the second can read
    it. Handed on after voting has ended, never before.
    """

    first = models.ForeignKey(Trustee, on_delete=models.PROTECT, related_name="copies_to_peel")
    second = models.ForeignKey(Trustee, on_delete=models.PROTECT, related_name="copies_to_open")
    sealed = models.BinaryField()
    inner = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="keycopy_one_a_pair"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="keycopy_of_two_people"),
            models.CheckConstraint(
                condition=Exact(Length("sealed"), OUTER_BYTES), name="keycopy_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(inner=None) | Q(Exact(Length("inner"), INNER_BYTES)),
                name="keycopy_inner_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.first_id}>{self.second_id}"


class Opening(models.Model):
    """What one trustee found in the box: the ballots in one fixed order, and how many were spoilt.

    Kept until the poll is sealed. Two that agree open the box.
    """

    trustee = models.OneToOneField(
        Trustee, on_delete=models.PROTECT, primary_key=True, related_name="opening"
    )
    packed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    ballots = models.PositiveIntegerField()
    spoilt = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("sha256"), 64), name="opening_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"opening by trustee {self.trustee_id}"


class KeyGone(models.Model):
    """A trustee's device has deleted its key, when the box needed it no more. Nobody can check
    that but they; the leaf says that they said so."""

    trustee = models.OneToOneField(
        Trustee, on_delete=models.PROTECT, primary_key=True, related_name="gone"
    )
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"key of trustee {self.trustee_id} is gone"


class HouseAsk(models.Model):
    """A member asks the server to open the box. It takes two of them."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="house_asks")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "account"], name="houseask_once_each"),
        ]

    def __str__(self) -> str:
        return f"ask to open round {self.round_id}"
