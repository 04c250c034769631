"""Tables of the fund: its money, and the decisions on who gets how much of it."""

from .asking import Step, StepAnswer, StepKind
from .deciding import DecidedShare, Decision, Proposal, ProposedPlace
from .forecasting import Scenario
from .giving import DrawDown, Programme, Release, Review, Wave, WaveShare
from .money import Allocation, Arrival, AssetClass, Fund

__all__ = [
    "Allocation",
    "Arrival",
    "AssetClass",
    "DecidedShare",
    "Decision",
    "DrawDown",
    "Fund",
    "Programme",
    "Proposal",
    "ProposedPlace",
    "Release",
    "Review",
    "Scenario",
    "Step",
    "StepAnswer",
    "StepKind",
    "Wave",
    "WaveShare",
]
