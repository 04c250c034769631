"""The command's verbs about care for the data: what must hold, backups, drills, recovery."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

Door = Callable[[], AbstractContextManager[None]]


def add_verbs(app: typer.Typer, house: Door) -> None:
    """Add them to `app`; each enters the `house`."""

    @app.command()
    def invariants(
        only: Annotated[list[str] | None, typer.Argument(help="Names; without any, all.")] = None,
        publish: Annotated[
            bool, typer.Option("--publish", help="Write the outcome into the record.")
        ] = False,
    ) -> None:
        """Ask whether everything holds that must. The worker does it every night and publishes it.
        Exit code 1 when something does not hold; only a check of everything is published."""
        with house():
            from doorstep.site.upkeep import checking

            if publish and only:
                checking.refuse_a_part(only)
            outcomes = []
            for outcome in checking.check_invariants(only or ()):
                print(*checking.lines_of(outcome), sep="\n", flush=True)
                outcomes.append(outcome)
            if publish:
                leaf = checking.publish(outcomes)
                print(f"Published: /record/invariants/ (line {leaf.idx} of the record).")
        raise SystemExit(1 if any(outcome.faults for outcome in outcomes) else 0)

    @app.command("restore-drill")
    def restore_drill(
        publish: Annotated[
            bool, typer.Option("--publish", help="Write the outcome into the record.")
        ] = False,
    ) -> None:
        """Bring the backup back in a scratch place, and check it there. The worker does it every
        night and publishes it. Exit code 1 when it would not do."""
        with house():
            from doorstep.site.upkeep import drill

            drilled = drill.drill()
            print("\n".join(drill.lines_of(drilled)))
            if publish:
                leaf = drill.publish(drilled)
                print(f"Published: /record/backups/ (line {leaf.idx} of the record).")
        raise SystemExit(0 if drilled.is_good else 1)

    @app.command("recover-record")
    def recover_record(
        copy: Annotated[
            Path | None,
            typer.Option(help="A copy of the public log, or a bundle, if ours is lost too."),
        ] = None,
    ) -> None:
        """Bring back leaves that were published, where only an older backup was left."""
        with house():
            from doorstep.site.upkeep import recovery

            print(recovery.say(recovery.recover(copy)))

    _add_backup_verbs(app, house)


def _add_backup_verbs(app: typer.Typer, house: Door) -> None:
    backup = typer.Typer(no_args_is_help=True, help="Copy the database elsewhere, all the time.")
    app.add_typer(backup, name="backup")

    @backup.command("how")
    def backup_how() -> None:
        """Say what to do once, for the database that is configured."""
        with house():
            from doorstep.site.upkeep import backup as keeping

            print("\n".join(keeping.how()))

    @backup.command("run")
    def backup_run() -> None:
        """Copy every commit as it comes, until stopped. With SQLite `serve` does it by itself."""
        with house():
            from doorstep.site.upkeep import backup as keeping

            keeping.run()

    @backup.command("base")
    def backup_base() -> None:
        """PostgreSQL: make a base backup now. The worker makes one every week."""
        with house():
            from doorstep.site.upkeep import backup as keeping

            print(keeping.base())

    @backup.command("status")
    def backup_status() -> None:
        """Say what the backup holds for certain. Exit code 1 when that is not everything."""
        with house():
            from doorstep.site.upkeep import backup as keeping

            told, is_whole = keeping.status()
            print("\n".join(told))
        raise SystemExit(0 if is_whole else 1)

    @backup.command("restore")
    def backup_restore(
        folder: Annotated[
            Path | None, typer.Argument(help="PostgreSQL: where the restored cluster is laid.")
        ] = None,
        until: Annotated[
            str | None, typer.Option(help="A moment, such as 2026-11-28T15:00:00+00:00.")
        ] = None,
        generation: Annotated[
            str, typer.Option(help="SQLite: one folder of the backup, if not the newest.")
        ] = "",
    ) -> None:
        """Bring the database back, as it stood last or at a moment. Nothing is overwritten."""
        with house():
            from doorstep.site.upkeep import backup as keeping

            print(keeping.restore(folder, until, generation))
