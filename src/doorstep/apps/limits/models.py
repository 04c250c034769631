"""How often something was tried lately. In the database, because a cache may lose a count or keep
it too short: Django's cache in files does both."""

from django.db import models


class Count(models.Model):
    """How often `key` was counted since its first time; gone at `until` (seconds since 1970).

    A key never holds what it stands for in clear: an address goes in as a keyed hash.
    """

    key = models.CharField(max_length=120, primary_key=True)
    times = models.PositiveIntegerField()
    until = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.times}"
