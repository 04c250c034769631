"""Writes durable entries one after another, beside bare rows."""

import os

from bench.ledger import measure
from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T25",)
EACH_DATABASE = True
PER_SECOND, P99_SECONDS = 100, 0.1


def main(options: Options) -> list[Figure]:
    with fresh(options):
        told = measure(options.size(300, 3_000))
    held = told.per_second >= PER_SECOND and told.p99 <= P99_SECONDS and "NOT" not in told.durable
    beside = f"; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    return [Figure("T25", "durable posting", told.in_words() + beside, held)]
