"""Millbrook: made-up data that goes in through the same actions as everything else."""
