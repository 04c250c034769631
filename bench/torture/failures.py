"""Fails each statement and commit of every act with money or ballots, and loses its answer.

Some fail with the connection.
"""

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T6",)
EACH_DATABASE = True


def main(options: Options) -> list[Figure]:
    step = options.size(9, 1)
    with fresh(options):
        from doorstep.site.verify import verify_everything
        from tests.site.acts import every_act
        from tests.site.failing import Tried, failed_everywhere

        acts, done, result = every_act(), list[Tried](), None
        while True:
            try:
                name, act = acts.send(result)
            except StopIteration:
                break
            done.append(failed_everywhere(name, act, step=step))
            result = done[-1].result
            options.say(f"{len(done)} acts; now {name}: {done[-1].failures} statements failed")
        faults = [line.text for line in verify_everything() if not line.sound]
    half = [each for act in done for each in act.half_done]
    failures = sum(act.failures for act in done)
    lost = sum(act.answers_lost for act in done)
    figure = (
        f"{len(done)} acts, {failures:,} statements and commits failed, the answers of {lost:,} "
        f"commits lost; half done {len(half)}; faults found by verify {len(faults)}"
    )
    for fault in (*half, *faults):
        print(f"  {fault}")
    return [Figure("T6", "each statement failed", figure, not half and not faults)]
