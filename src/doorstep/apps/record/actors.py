"""Who did it, as a leaf may say it: a role and a number, never a name."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused


@dataclass(frozen=True)
class Actor:
    """A plain value: Actor("person", 7), Actor("system", "demo")."""

    kind: str
    id: int | str

    def __post_init__(self) -> None:
        # A leaf is for ever and public: an e-mail address or a name must never slip into it.
        plain = type(self.id) is int or (
            isinstance(self.id, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", self.id)
        )
        if not re.fullmatch(r"[a-z_]{1,30}", self.kind) or not plain:
            raise Refused(
                _(
                    "The record names people by role and number only. Give the account’s number, "
                    "not a name or an address."
                ),
                code="actor",
            )

    def as_leaf(self) -> dict[str, int | str]:
        return {"role": self.kind, "id": self.id}
