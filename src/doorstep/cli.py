"""The `doorstep` command. Thin: each verb calls one function.

Engine verbs never import Django, so that `doorstep count` starts at once and needs no database;
the others call `django_ready()` first.
"""

import os

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Runs a community wealth fund: a vote anyone can recount, pounds anyone can follow.",
)


def django_ready() -> None:
    """Load the settings and every room."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
    import django

    django.setup()


def main() -> None:
    app()
