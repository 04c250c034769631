"""What happens to places, by noun: the neighbourhoods themselves, and the official areas."""

from .areas import (
    FileRead,
    join_area,
    keep_boundaries,
    keep_figures,
    keep_look_up,
    keep_postcodes,
)
from .places import add_street, open_place, record_need, record_need_once
from .studies import RESIDENTS, keep_directory, keep_outlines, keep_study

__all__ = [
    "RESIDENTS",
    "FileRead",
    "add_street",
    "join_area",
    "keep_boundaries",
    "keep_directory",
    "keep_figures",
    "keep_look_up",
    "keep_outlines",
    "keep_postcodes",
    "keep_study",
    "open_place",
    "record_need",
    "record_need_once",
]
