"""Reads about partnerships that pages and commands share."""

from doorstep.apps.partnerships.queries.members import (
    PartnershipSummary,
    compositions,
    interest_of,
    summary,
)

__all__ = ["PartnershipSummary", "compositions", "interest_of", "summary"]
