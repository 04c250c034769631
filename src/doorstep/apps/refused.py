"""The one way an action says no."""


class Refused(Exception):  # noqa: N818 - an action refuses; nothing has gone wrong
    """What was refused, why, and what to do about it, in words a resident would use.

    The page, the command and (later) the API show the same sentence. `code` is a stable name for
    programs; it is never shown to people.
    """

    def __init__(self, reason: str, *, code: str = "refused") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class TooOften(Refused):
    """Refused for now, because it came too often. `until` is when it may come again, in seconds
    since 1970; the page says so and answers 429."""

    def __init__(self, reason: str, *, until: int, code: str = "too_often") -> None:
        super().__init__(reason, code=code)
        self.until = until
