"""What a note, a checkpoint, a tile or a proof is refused for."""


class SealError(ValueError):
    """It is not what it says it is; the text says why, in a sentence an operator can act on."""


class MissingError(SealError):
    """A file of the log is not there."""
