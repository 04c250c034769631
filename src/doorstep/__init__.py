"""Doorstep runs a community wealth fund: a vote anyone can recount, pounds anyone can follow."""

__version__ = "0.1.0"
