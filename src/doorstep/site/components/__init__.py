"""The parts that pages are built from: plain functions from values to safe HTML.

They are Python, not templates, because a list of fifty rows renders them fifty times. None writes
a style attribute or a script: the content security policy would drop both.
"""
