"""Indices of deprivation and community need; who is first in line; what share each place gets.

>>> from doorstep.engine.need import IMD_2025
>>> score = IMD_2025.score(domain_ranks)                  # the published scores, from ranks alone

A library of its own: Python and NumPy, no Django. Figures carry the year of their boundaries and
their source; docs/need.md describes the formulae, the files, and everything that is refused.
"""

from .boundaries import Boundaries, read_boundaries
from .errors import NeedError, NeedFileError
from .geography import (
    LSOA_2011,
    LSOA_2021,
    MSOA_2021,
    WARD_2017,
    Areas,
    Figure,
    Geography,
    Source,
)
from .indices import CNI_2019, CNI_2023, IMD_2019, IMD_2025, INDICES, Index
from .lookup import Carried, Groups, How, LookUp, Loss, Succession
from .official import IndexFile, read_index
from .ons import read_changes, read_look_up, read_residents
from .postcodes import Postcodes, read_postcodes
from .programme import Criterion, Programme, programme, programmes, read_programmes
from .roll_up import (
    Summaries,
    average,
    extent,
    extent_weight,
    local_concentration,
    proportion,
    roll_up,
)
from .selection import Reason, Selection, Verdict, doubly_disadvantaged, select
from .shares import Share, Sharer, ShareRule, Step, largest_remainder, share_out
from .transform import deciles, equal_groups, exponential, line, ranks, refuse_odd_ranks
from .words import TEMPLATES, said

__all__ = [
    "CNI_2019",
    "CNI_2023",
    "IMD_2019",
    "IMD_2025",
    "INDICES",
    "LSOA_2011",
    "LSOA_2021",
    "MSOA_2021",
    "TEMPLATES",
    "WARD_2017",
    "Areas",
    "Boundaries",
    "Carried",
    "Criterion",
    "Figure",
    "Geography",
    "Groups",
    "How",
    "Index",
    "IndexFile",
    "LookUp",
    "Loss",
    "NeedError",
    "NeedFileError",
    "Postcodes",
    "Programme",
    "Reason",
    "Selection",
    "Share",
    "ShareRule",
    "Sharer",
    "Source",
    "Step",
    "Succession",
    "Summaries",
    "Verdict",
    "average",
    "deciles",
    "doubly_disadvantaged",
    "equal_groups",
    "exponential",
    "extent",
    "extent_weight",
    "largest_remainder",
    "line",
    "local_concentration",
    "programme",
    "programmes",
    "proportion",
    "ranks",
    "read_boundaries",
    "read_changes",
    "read_index",
    "read_look_up",
    "read_postcodes",
    "read_programmes",
    "read_residents",
    "refuse_odd_ranks",
    "roll_up",
    "said",
    "select",
    "share_out",
]
