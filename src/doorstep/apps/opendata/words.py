"""Words that stand in answers: what may be shown of them, and what is said of a wrong question."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from doorstep.apps.record.queries import hidden_among

Kept = tuple[str | None, str | None]  # a commitment, and the words that are kept for it


def once_only() -> str:
    return _("Say it once.")


def no_such_parameter(known: Iterable[str]) -> str:
    names = ", ".join(sorted(known))
    if not names:
        return _("This address takes no parameters.")
    return _("There is no such parameter here. There are: %(names)s.") % {"names": names}


def reader(kept: Iterable[Kept]) -> Callable[[str | None, str | None], str | None]:
    """Shows words as the pages do: None where they were erased, or are hidden now.

    One statement, however many there are.
    """
    hidden = hidden_among({commitment for commitment, _text in kept if commitment})

    def read(commitment: str | None, text: str | None) -> str | None:
        return None if not text or commitment in hidden else text

    return read
