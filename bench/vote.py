"""Casting under load, on a real server: `./doorstep bench vote`.

Server processes on loopback, clients in threads here, each vote a fresh voter: the QR address
(with its slow hash) and one cast. Then the last hour: voters come without a break while the server
is killed, as by a power cut, and started again. In the end the poll is ended, every receipt must be
in the box, every voter once, and `verify` must find nothing.

    DOORSTEP_BENCH_VOTERS=600       voters of the steady part
    DOORSTEP_BENCH_LAST_HOUR=600    voters of the last hour; 10000 is the size of the promise
    DOORSTEP_BENCH_KILLS=3          how often the server dies in it
    DOORSTEP_BENCH_MINUTES=60       after so long the clients give up, and what was told is compared
"""

import base64
import http.client
import json
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine

CLIENTS = 16
VOTERS = int(os.environ.get("DOORSTEP_BENCH_VOTERS", "600"))
LAST_HOUR = int(os.environ.get("DOORSTEP_BENCH_LAST_HOUR", str(VOTERS)))
KILLS = int(os.environ.get("DOORSTEP_BENCH_KILLS", "3"))
GIVE_UP = time.monotonic() + 60 * float(os.environ.get("DOORSTEP_BENCH_MINUTES", "60"))
BARS = "Bars: 20 casts a second with code checking on, p95 of a cast 1 s, every receipt in the box."
MOST_REPEATS = 100  # of one voter, before the bench gives up


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DOORSTEP_DATA"] = folder
        os.environ.setdefault("DOORSTEP_DATABASE_URL", "")
        os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.site.settings"
        os.environ["DOORSTEP_ADDRESS"] = "http://127.0.0.1"
        import django

        django.setup()
        from django.db import connection

        began = time.monotonic()
        codes = _furnish(VOTERS + LAST_HOUR)
        vendor = connection.vendor
        connection.close()
        print(f"\nVoting, {CLIENTS} clients, 2 server processes, {vendor}. {BARS}")
        print(f"{len(codes)} codes printed and hashed in {time.monotonic() - began:.0f} s")
        port = _free_port()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        server = _start(port)
        try:
            steady = _vote(port, codes[:VOTERS])
        finally:
            _stop(server, signal.SIGTERM)
        steady.report("steady")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        each = spent / max(1, len(steady.casts))
        print(f"server processor for each voter, its start included: {each * 1000:.0f} ms")
        sys.stdout.flush()
        hour = _last_hour(port, codes[VOTERS:])
        hour.report(f"killed {KILLS} times")
        print(f"receipts without their ballot: {_lost(steady.receipts | hour.receipts)}")
        voted, in_box, faults = _count_the_box()
        told = len(steady.casts) + len(hour.casts)
        print(
            f"voters told that their vote counts: {told}; codes used: {voted}; ballots in the box "
            f"that count: {in_box}; faults found by verify: {faults}"
        )


def _furnish(codes: int) -> list[str]:
    from doorstep.apps.people.actions import open_account
    from doorstep.apps.record.actors import Actor
    from doorstep.apps.rounds.actions import add_projects, draft_round, freeze_round
    from doorstep.apps.rounds.asking import Asking
    from doorstep.apps.rounds.models import VoteType
    from doorstep.apps.voting.actions.polls import open_poll
    from doorstep.apps.voting.actions.printing import next_run, plan_codes, print_run
    from doorstep.apps.voting.models import Channel, CodePlan, Poll
    from doorstep.engine.count import Rule
    from doorstep.site.demo.load import load
    from doorstep.site.management import migrate
    from doorstep.site.server import compile_languages, prepare_static

    migrate()
    prepare_static()
    compile_languages()
    load()
    from doorstep.apps.places.models import Place

    # Everything up to the opening happens yesterday, so that voting is open by the servers' clock.
    actor, now = Actor("system", "bench"), datetime.now(UTC) - timedelta(days=1)
    today = now.date()
    place = Place.objects.get(slug="millbrook-east")
    round_ = draft_round(
        "bench-vote", place, title="What comes first?", budget_pence=100_000,
        vote_type=VoteType.APPROVAL, rule=Rule(seed="bench"),
        terms=Asking(
            size="street", ideas_from=today - timedelta(30), ideas_until=today - timedelta(20),
            checked_by=today - timedelta(10), opens_at=now + timedelta(hours=20),
            closes_at=now + timedelta(days=9), minimum_age=11, publication="whole",
            expected_voters=codes, secrecy="house", secrecy_reason="A bench.",
        ),
    )  # fmt: skip
    add_projects(round_, [(f"idea-{n}", f"An idea, number {n}", 10_000) for n in range(20)])
    plan_codes(round_, Channel.DESK, codes)
    with time_machine.travel(now, tick=True):
        round_ = freeze_round(round_, on=today, actor=actor)
    people = [open_account(f"{who}@bench.example.org", actor=actor) for who in ("ann", "ben")]
    plan = CodePlan.objects.select_related("round").get(round=round_)
    printed: list[str] = []
    while next_run(plan)[1]:
        number = next_run(plan)[0]
        made = print_run(plan, number, printer=people[0], beside=people[1])
        printed += [code.printed for code, _address in made.letters]
    open_poll(Poll.objects.get(round=round_))
    return printed


class Told:
    """What the clients saw: seconds of each cast, marks of receipts, answers that were no vote."""

    def __init__(self) -> None:
        self.casts: list[float] = []
        self.receipts: set[str] = set()
        self.failed = 0
        self.seconds = 0.0

    def report(self, name: str) -> None:
        times = sorted(self.casts)
        p95 = times[int(len(times) * 0.95)] if times else 0.0
        middle = statistics.median(times) if times else 0.0
        print(
            f"{name:<16} {len(times):>6} casts in {self.seconds:6.1f} s = "
            f"{len(times) / self.seconds:5.1f}/s; median {middle * 1000:.0f} ms, "
            f"p95 {p95 * 1000:.0f} ms; asked again {self.failed} times"
        )


def _vote(port: int, codes: list[str]) -> Told:
    told, waiting, lock = Told(), list(codes), threading.Lock()

    def client() -> None:
        while True:
            with lock:
                if not waiting or time.monotonic() > GIVE_UP:
                    return
                code = waiting.pop()
                if len(waiting) % 1_000 == 0 and len(codes) > 1_000:
                    print(f"  {len(codes) - len(waiting)} of {len(codes)} came", flush=True)
            for _repeat in range(MOST_REPEATS):
                if _one(port, code, told):
                    break
                told.failed += 1
                time.sleep(0.2)

    began = time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.seconds = time.monotonic() - began
    return told


def _one(port: int, code: str, told: Told) -> bool:
    """One voter: the letter's address, the ballot, one tap. False: ask again."""
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        cookies: dict[str, str] = {}
        status, _body = _ask(line, "GET", f"/v/{code}", cookies)
        if status != 303 or not cookies:
            return False
        status, page = _ask(line, "GET", "/vote/ballot/", cookies)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if status != 200 or token is None:
            return False
        began = time.monotonic()
        form = f"csrfmiddlewaretoken={token[1]}&choice=&add=3"
        status, page = _ask(line, "POST", "/vote/ballot/", cookies, form)
        taken = time.monotonic() - began
        if status != 200 or "Your vote counts" not in page:
            return False
        line.close()
    except (OSError, http.client.HTTPException):
        return False
    told.casts.append(taken)
    told.receipts.add(_mark(cookies["doorstep-ballot"]))
    return True


def _mark(cookie: str) -> str:
    """The envelope's hash as the voter was told it: the receipt page shows what the cookie says."""
    said = cookie.strip('"').split(":")[0]
    held = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
    return str(json.loads(held)[3])


def _ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    cookies: dict[str, str],
    form: str = "",
) -> tuple[int, str]:
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request(method, path, form or None, headers)
    answer = line.getresponse()
    body = answer.read().decode()
    for name, value in answer.getheaders():
        if name == "Set-Cookie":
            key, _equals, rest = value.partition("=")
            cookies[key] = rest.split(";")[0]
    return answer.status, body


def _last_hour(port: int, codes: list[str]) -> Told:
    """Voters come without a break; the server is killed as a power cut would, and started anew."""
    server = [_start(port)]
    over = threading.Event()

    def kill() -> None:
        for _ in range(KILLS):
            if over.wait(max(2.0, LAST_HOUR / 25 / (KILLS + 1))):
                return
            _stop(server[0], signal.SIGKILL)
            server[0] = _start(port)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        told = _vote(port, codes)
    finally:
        over.set()
        killer.join()
        _stop(server[0], signal.SIGTERM)
    return told


def _lost(receipts: set[str]) -> int:
    from doorstep.apps.voting.models import Envelope

    kept = {bytes(each).hex() for each in Envelope.objects.values_list("env_hash", flat=True)}
    return len(receipts - kept)


def _count_the_box() -> tuple[int, int, int]:
    """(codes used, ballots that count, faults that verify finds), when the poll has ended."""
    from doorstep.apps.record.verify import verify_record
    from doorstep.apps.voting import box
    from doorstep.apps.voting.actions.polls import end_poll
    from doorstep.apps.voting.models import Claim, Poll
    from doorstep.apps.voting.verify import verify_voting

    poll = Poll.objects.select_related("round__terms").get(round__slug="bench-vote")
    with time_machine.travel(poll.round.terms.closes_at + timedelta(minutes=1), tick=True):
        end_poll(poll)
        faults = [*verify_record(), *verify_voting()]
    return Claim.objects.count(), box.how_many_count(poll.round), len(faults)


SERVE = "import sys, django; django.setup(); from doorstep.site.server import serve; "


def _start(port: int) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    server = subprocess.Popen(
        [sys.executable, "-c", f"{SERVE}serve('127.0.0.1', {port}, 2)"],
        env=environment, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    _until(lambda: _answers(port), 60)
    return server


def _stop(server: subprocess.Popen, how: signal.Signals) -> None:
    """End the server and its children: they are a session of their own, begun here."""
    if how == signal.SIGKILL:
        os.killpg(server.pid, signal.SIGKILL)
    else:
        server.send_signal(how)
    server.wait(30)


def _answers(port: int) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("the server did not start")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
