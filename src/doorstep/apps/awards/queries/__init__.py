"""Reads about awards and payments that pages and commands share, by noun."""

from .awards import AwardRow, awards_of, threaded_awards

__all__ = ["AwardRow", "awards_of", "threaded_awards"]
