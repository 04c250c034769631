"""The command's verbs about the published record: keys, checkpoints, witnesses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

Door = Callable[[], AbstractContextManager[None]]


def add_verbs(app: typer.Typer, house: Door) -> None:
    """Add them to `app`; each enters the `house`."""

    @app.command("record-key")
    def record_key() -> None:
        """Make the keys that sign the record, once, and say what to tell everybody."""
        with house():
            from doorstep.site import publication

            print(publication.record_key())

    @app.command("publish-record")
    def publish_record(
        folder: Annotated[
            Path | None, typer.Argument(help="Copy the public files here as well.")
        ] = None,
        last: Annotated[
            list[str] | None,
            typer.Option(help="A checkpoint that a witness holds, or the word none."),
        ] = None,
    ) -> None:
        """Sign what the record holds now, and write it as static files. Run by the worker too."""
        with house():
            from doorstep.site import publication

            print(publication.publish_record(folder, last or []))

    @app.command("add-witness")
    def add_witness(
        key: Annotated[str, typer.Argument(help="The witness's public key, name+id+key.")],
    ) -> None:
        """Let an outsider's cosignatures stand under the record's checkpoints."""
        with house():
            from doorstep.site import publication

            print(publication.add_witness(key))

    @app.command("remove-witness")
    def remove_witness(
        witness: Annotated[str, typer.Argument(help="Its name, or its whole public key.")],
    ) -> None:
        """Show a witness's lines no longer: it stopped, or its key got lost. The record says so."""
        with house():
            from doorstep.site import publication

            print(publication.remove_witness(witness))

    @app.command("add-cosignature")
    def add_cosignature(
        file: Annotated[Path, typer.Argument(help="A checkpoint that a witness cosigned.")],
    ) -> None:
        """Keep what a witness signed, and show it under the checkpoint."""
        with house():
            from doorstep.site import publication

            print(publication.add_cosignature(file))

    @app.command()
    def bundle(
        folder: Annotated[Path, typer.Argument(help="Where to; an older bundle is replaced.")],
    ) -> None:
        """Write everything public into one folder, with the script that checks it."""
        with house():
            from doorstep.site.bundle import write_bundle

            print(
                f"{folder}: {write_bundle(folder):,} files. Check them: "
                f"python3 {folder}/verify.py {folder}"
            )

    @app.command("restore-public")
    def restore_public(
        bundle: Annotated[Path, typer.Argument(help="The folder that `doorstep bundle` wrote.")],
        folder: Annotated[Path, typer.Argument(help="Where to; empty, or not there yet.")],
    ) -> None:
        """Make the public side of a fund from its bundle: pages for any web server, no database."""
        with house():
            from doorstep.site.restored.restore import restore_public as restored

            print(restored(bundle, folder))

    @app.command("verify-file")
    def verify_file() -> None:
        """Print verify.py, the checker that needs nothing but Python."""
        import sys

        from doorstep.engine.seal.joined import verify_file as written

        sys.stdout.buffer.write(written())

    @app.command()
    def witness(
        where: Annotated[str, typer.Argument(help="The log's address, or its folder.")],
        keep: Annotated[Path, typer.Option(help="The folder that remembers what was seen.")],
        log_key: Annotated[
            str | None, typer.Option(help="The log's public key, as you were given it.")
        ] = None,
        cosign: Annotated[bool, typer.Option("--cosign", help="Sign what was seen.")] = False,
        name: Annotated[
            str | None,
            typer.Option(help="Your name as a witness, such as council.example.org/witness."),
        ] = None,
        send: Annotated[bool, typer.Option("--send", help="Give the signature back.")] = False,
    ) -> None:
        """Watch a record from outside: warn when it was rewritten. Exit code 1 when it was."""
        from doorstep.engine.seal.watching import watch

        raise SystemExit(watch(where, keep, log_key=log_key, cosign=cosign, name=name, send=send))
