"""Looks in every raw byte for what people gave, after its date: tables, indexes, log, files, words.

People give an address for letters, e-mail, a proposal that is never confirmed, and votes. Time goes
on, the vote is sealed, the worker does what it does by itself. Then each byte of the database's
files, of its log and of the data folder is searched: for the words as they were typed, and for the
sealed form in which addresses and messages are kept, which must be gone as well.

PostgreSQL runs in a cluster of its own, which is backed up: its own log (pg_wal) is read as it is
left and once it was written over as docs/secrecy.md says, and so are the server's messages, the
base backups and the archived log, which go when the days are over for which backups are kept.

SQLite is copied by Litestream, as a server does it, and every page in its copies is read. How long
what was erased stands there is then measured on a clock that runs fast: Litestream removes by its
own clock, and begins anew with each start of a server.
"""

import io
import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.clusters import Cluster, give_to_postgres, in_a_cluster_of_its_own
from bench.torture.frame.copies import copying, let_age, readable
from bench.torture.frame.databases import fresh

NUMBERS = ("T26",)
EACH_DATABASE = True

ROW, MAIL, SAID = "Quetzal Row", "quetzal-{}@marker.example", "Quetzalcoatl playground"
LETTERS, PEOPLE = 12, 20
# Days after which the worker does its chores: some nights on end, and again once the backups of
# those nights are too old as well.
NIGHTS = (*range(730, 734), *range(774, 776))


def main(options: Options) -> list[Figure]:
    with ExitStack() as stack:
        cluster = None
        if options.database == "postgresql":
            cluster = stack.enter_context(in_a_cluster_of_its_own(settings={"archive_mode": "on"}))
            options = replace(options, server=cluster.url)
        else:
            os.environ["DOORSTEP_BACKUP"] = str(options.folder / "backup")
        stack.enter_context(fresh(options))
        log = stack.enter_context(_listening())
        if cluster:
            _back_up(cluster)
        return _searched(options, cluster, log)


def _searched(options: Options, cluster: Cluster | None, log: io.StringIO) -> list[Figure]:
    sealed = _people_give_what_they_give()
    typed = [ROW, SAID, *(MAIL.format(n) for n in range(PEOPLE))]
    there = _found(_everything(options), [*typed, *sealed])
    copying_on = nullcontext if cluster else copying
    with copying_on():
        pass
    copied = _found(_copies(cluster), [*typed, *sealed])
    _time_goes_on(copying_on)
    for line in log.getvalue().splitlines():
        if "not overwritten yet" in line:
            print(f"  {line}")
    kept = _everything(options) + log.getvalue().encode()
    plain, closed = _found(kept, typed), _found(kept, sealed)
    figure = (
        f"{len(typed)} things as typed and {len(sealed)} sealed ones, {len(there)} of them on the "
        f"disk before; after their date in {len(kept):,} bytes: "
        f"{len(plain)} as typed, {len(closed)} sealed"
    )
    held = bool(there) and not plain and not closed
    figures = [Figure("T26", "raw bytes searched", "; ".join([figure, *plain[:3]]), held)]
    if cluster:
        return [*figures, _copies_searched(cluster, [*typed, *sealed], copied)]
    return [*figures, _what_litestream_copied([*typed, *sealed], copied), _aged(options)]


def _what_litestream_copied(words: list[str], before: list[str]) -> Figure:
    kept = _copies(None)
    after = _found(kept, words)
    figure = (
        f"{len(before)} of them in what Litestream had copied before; after their date and the "
        f"days of the backup {len(after)} in {len(kept):,} bytes"
    )
    return Figure(
        "T26", "copies searched", "; ".join([figure, *after[:3]]), bool(before and not after)
    )


def _aged(options: Options) -> Figure:
    """Held: by the day that was promised. Looked for some times a day, so a part of one later."""
    kept = options.size(4, 10)
    aged = let_age(options, day=6.0, kept=kept, days=options.size(8, 40))
    longest = max(aged.ages, default=0.0)
    figure = (
        f"{len(aged.ages)} things erased, on a clock on which a day is six seconds, with backups "
        f"kept for {kept} days and Litestream begun {aged.starts} times: none stood in its copies "
        f"for more than {longest:.1f} days; {aged.left} left; what came back was "
        f"{'whole' if aged.sound else 'NOT WHOLE'}"
    )
    held = bool(aged.ages) and not aged.left and longest <= kept + 0.25 and aged.sound
    return Figure("T26", "days in Litestream's copies", figure, held)


def _copies_searched(cluster: Cluster, words: list[str], before: list[str]) -> Figure:
    """The server's log, its messages and the backup, which the program does not write itself."""
    left = _found(_copies(cluster), words)
    turns = cluster.turn_log_over()
    kept = _copies(cluster)
    after = _found(kept, words)
    figure = (
        f"{len(before)} of them in pg_wal, the server's messages and the backup before; "
        f"{len(left)} after their date and the days of the backup; after {turns} segments of the "
        f"log were begun {len(after)} in {len(kept):,} bytes"
    )
    return Figure("T26", "copies searched", figure, bool(before) and not after)


def _found(kept: bytes, words: list[str]) -> list[str]:
    return [each for each in words if each.encode() in kept]


def _back_up(cluster: Cluster) -> None:
    """As `doorstep backup how` says, beside the cluster."""
    from django.conf import settings
    from django.db import connection

    from doorstep.site.upkeep import archive

    settings.BACKUP = str(cluster.folder.parent / "backup")
    archive.wal().mkdir(parents=True)
    give_to_postgres(archive.wal())
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET archive_command = %s", [archive.archive_command()])
        cursor.execute("SELECT pg_reload_conf()")
    archive.make_base()


def _copies(cluster: Cluster | None) -> bytes:
    """Each byte of every backup, and of PostgreSQL's own log and of what it said. Begun again where
    a file goes meanwhile: the archive gives a segment its name once it is whole."""
    from django.conf import settings

    while True:
        files = [path for path in Path(settings.BACKUP).rglob("*") if path.is_file()]
        if cluster:
            files += [*cluster.log_segments(), cluster.folder / "log"]
        with suppress(FileNotFoundError):
            return b"".join(readable(path) for path in files)


@contextmanager
def _listening():
    """What is logged anywhere, at the level of a server."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)


def _people_give_what_they_give() -> list[str]:
    """Sealed forms of what they gave, as they stand in the tables."""
    from bench.torture.frame.visitors import visitor
    from doorstep.apps.ideas.actions import ask_to_propose
    from doorstep.apps.outbox.actions import tell, tell_by_letter
    from doorstep.apps.outbox.models import Contact, Message
    from doorstep.apps.outbox.sending import deliver_due
    from tests.apps.ideas.proposing import taking_ideas
    from tests.millbrook import place_with_money

    visitor()  # letters of the mail are kept in memory, and sent to nobody
    _a_vote_by_letter()
    place = place_with_money(slug="retained")
    asking = taking_ideas(place, slug="retained")
    for number in range(PEOPLE):
        told = {"subject": SAID, "text": f"{SAID} {number}", "topic": "torture"}
        tell(MAIL.format(number), key=f"mail {number}", at_once=True, **told)
    tell_by_letter(f"7 {ROW}\nMillbrook", key="letter", place=place, **told)
    said = {"title": SAID, "about": f"{SAID}, with swings.", "ground": "lives"}
    ask_to_propose(asking, said, address=MAIL.format(1), connection="192.0.2.7")
    sealed = [*Contact.objects.values_list("sealed", flat=True)]
    sealed += Message.objects.values_list("sealed", flat=True)
    while deliver_due():
        pass
    Message.objects.filter(contact__medium="letter").update(
        state="sent", ended_at=datetime.now().astimezone(), printed_at=datetime.now().astimezone()
    )
    return [each for each in sealed if each]


def _a_vote_by_letter() -> None:
    from doorstep.apps.record.actors import Actor
    from doorstep.apps.voting import trackers
    from doorstep.apps.voting.actions.box import open_box, seal_round
    from doorstep.apps.voting.actions.casting import cast, credential_of
    from doorstep.apps.voting.actions.polls import end_poll
    from doorstep.apps.voting.actions.trustees import ask_the_house
    from doorstep.apps.voting.choices import Choice
    from tests.apps.voting.polling import AFTER, DURING, running
    from tests.millbrook import ACTOR

    polling = running(letters=[f"{n} {ROW}\nMillbrook" for n in range(LETTERS)])
    with time_machine.travel(DURING, tick=True):
        for code in polling.letters:
            cast(credential_of(polling.credential(code).pk), Choice(((0, 1),)), trackers.new())
    with time_machine.travel(AFTER, tick=True):
        end_poll(polling.poll)
        for member in (polling.printer, polling.beside):
            ask_the_house(polling.round, member, actor=Actor("partnership_member", member.pk))
        open_box(polling.round, actor=ACTOR)
        seal_round(polling.round, actor=ACTOR)


def _time_goes_on(copying: Callable[[], AbstractContextManager[None]]) -> None:
    """Two years on, the worker does each of its chores on some nights: a night on which somebody
    still read what the database held before is made up for on the next. `copying` keeps the backup
    at work meanwhile."""
    from doorstep.apps.chores import chores

    # To bring a backup back on trial leaves nothing, and takes a cluster each night.
    mine = [chore for chore in chores() if not chore.name.endswith("try_the_backup")]
    for night in NIGHTS:
        later = datetime.now().astimezone() + timedelta(days=night)
        with time_machine.travel(later, tick=True), copying():
            for chore in mine:
                chore.work()


def _everything(options: Options) -> bytes:
    """Each byte that the database and the data folder hold on disk."""
    from django.db import connection

    folder = options.folder / "data"
    if connection.vendor == "sqlite":
        return b"".join(readable(path) for path in sorted(folder.rglob("*")) if path.is_file())
    kept = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
            " AND (relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)"
            "      OR oid = 'pg_statistic'::regclass)"
        )
        for (path,) in cursor.fetchall():
            cursor.execute("SELECT pg_read_binary_file(%s)", [path])
            kept += bytes(cursor.fetchone()[0])
    return kept
