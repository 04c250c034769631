"""Doorstep runs a community wealth fund: a fair vote anyone can recount, a ledger anyone can follow."""

__version__ = "0.1.0"
