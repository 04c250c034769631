"""What happens to awards and payments, by noun. Each function is one transaction and its leaf."""

from .awards import make_award, settle_round

__all__ = ["make_award", "settle_round"]
