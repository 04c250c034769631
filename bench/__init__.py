"""Measurements, run by `./doorstep bench`. Medians; never a test, for machines are noisy."""
