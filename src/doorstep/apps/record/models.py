"""The append-only record: two logs of leaves, their heads, and the erasable words.

What Django cannot express (append only, gapless, chained, a head that moves only by its leaf)
is kept by the triggers in `sql/`, reinstalled after every migrate (see `seals.py`).
"""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThan, LessThanOrEqual

from doorstep.engine.seal.canonical import MAX_BYTES
from doorstep.engine.seal.leaf import HASH_BYTES, SALT_BYTES


class Log(models.TextChoices):
    PUBLIC = "public"
    AUDIT = "audit"


class LogHead(models.Model):
    """How long a log is, and the link its next leaf must name. Moved by that leaf alone."""

    log = models.CharField(max_length=6, primary_key=True, choices=Log.choices)
    size = models.BigIntegerField()
    chain = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(log__in=Log.values), name="record_head_known_log"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log}: {self.size} leaves"


class Leaf(models.Model):
    """One thing that happened, as the exact bytes that its hash covers.

    `journal_seq` is a plain number here, because the record comes before the ledger; the
    ledger's journal points back at it and installs its seal on this table.
    """

    log = models.CharField(max_length=6, choices=Log.choices)
    idx = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    journal_seq = models.BigIntegerField(null=True, unique=True)
    body = models.BinaryField()
    leaf_hash = models.BinaryField()
    prev_chain = models.BinaryField()
    chain = models.BinaryField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "idx"], name="record_leaf_one_per_place"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), MAX_BYTES), name="record_leaf_body_fits"
            ),
            *(
                models.CheckConstraint(
                    condition=Exact(Length(name), HASH_BYTES), name=f"record_leaf_{name}_whole"
                )
                for name in ("leaf_hash", "chain")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.idx}: {self.kind}"


class Wording(models.Model):
    """Words that leaves only commit to, so that they can be erased when the law says so.

    Salt and text go to empty together, once, and the leaf that says so is named in `erasure`.
    """

    salt = models.BinaryField()
    text = models.TextField()
    commitment = models.CharField(max_length=70, unique=True)
    erased_at = models.DateTimeField(null=True)
    erasure = models.ForeignKey(Leaf, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    Exact(Length("salt"), SALT_BYTES),
                    GreaterThan(Length("text"), 0),
                    erased_at=None,
                    erasure=None,
                )
                | models.Q(
                    Exact(Length("salt"), 0),
                    text="",
                    erased_at__isnull=False,
                    erasure__isnull=False,
                ),
                name="record_wording_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.commitment


class Checkpoint(models.Model):
    """What was signed and published: a log's size and the root of its tree (see engine/seal).

    `note` is the signed note as the log itself signed it; witnesses stand in `Cosignature`.
    `words` are the eight that stand for it on paper, made once because they are dear to make.
    """

    log = models.CharField(max_length=6, choices=Log.choices)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    words = models.CharField(max_length=100)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "size"], name="record_checkpoint_once_a_size"),
            models.CheckConstraint(
                condition=Exact(Length("root"), HASH_BYTES), name="record_checkpoint_root_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log} at {self.size}"


class Witness(models.Model):
    """Somebody outside who keeps our checkpoints and signs that they fit together.

    Its name is an address of an organisation, such as `council.example.org/witness`, never a
    person's: it stands in every checkpoint for ever.
    """

    name = models.CharField(max_length=100)
    vkey = models.CharField(max_length=200, unique=True)
    added = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """A witness's line under a checkpoint: the largest it had seen at that moment."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT)
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT)
    line = models.CharField(max_length=300)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness", "signed_at"], name="record_cosignature_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.witness_id} on {self.checkpoint_id}"


class Timestamp(models.Model):
    """An RFC 3161 token over a checkpoint's note: it existed when an authority says it did."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT)
    authority = models.CharField(max_length=200)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "authority"], name="record_timestamp_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} by {self.authority}"
