"""Tables of places: the neighbourhoods themselves, and the official areas that explain them."""

from .areas import Area, AreaFigure, AreaLink, Boundary, Postcode, SourceFile
from .places import FIRST_YEAR, LAST_YEAR, NeedFigure, Place, Street, between_years

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Area",
    "AreaFigure",
    "AreaLink",
    "Boundary",
    "NeedFigure",
    "Place",
    "Postcode",
    "SourceFile",
    "Street",
    "between_years",
]
