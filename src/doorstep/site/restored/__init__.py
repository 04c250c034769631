"""The public side of a fund, made from its verification bundle alone: no database, no keys, no
server of ours. What a neighbour reads is here worked out from signed leaves, so a stranger who
checks the copy checks the pages' source too (docs/record.md, "Leave with it").
"""
