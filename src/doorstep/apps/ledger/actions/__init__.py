"""The only writer of the ledger: accounts and entries, and what the bank says of them."""

from .bank import Imported, account_for, import_statement, open_bank_account, undo_match
from .posting import Line, open_account, post, reverse

__all__ = [
    "Imported",
    "Line",
    "account_for",
    "import_statement",
    "open_account",
    "open_bank_account",
    "post",
    "reverse",
    "undo_match",
]
