"""What this library refuses: in one sentence, what is wrong and what to do."""


class NeedError(ValueError):
    """Figures that cannot be used as asked. `code` names the kind of refusal for a program."""

    def __init__(self, code: str, what: str) -> None:
        self.code, self.what = code, _one_line(what)
        super().__init__(self.what)


class NeedFileError(NeedError):
    """A file that cannot be read whole and without doubt, said as FILE:ROW: what is wrong.

    The row is the one a spreadsheet shows: the heading is row 1. Row 0 means the file itself.
    """

    def __init__(self, file: str, row: int, what: str, code: str = "file") -> None:
        self.file, self.row = _one_line(file), row
        super().__init__(code, f"{self.file}:{row}: {what}")


def _one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 500 else shown[:499] + "…"


def some(codes: list[str], most: int = 3) -> str:
    """The first few of many, in order: "E01000001, E01000002 and 14 more"."""
    first = ", ".join(codes[:most])
    return first if len(codes) <= most else f"{first} and {len(codes) - most:,} more"
