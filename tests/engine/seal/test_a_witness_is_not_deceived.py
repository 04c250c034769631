"""A witness signs what grows, refuses what was rewritten, and keeps what proves it (T13)."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from doorstep.engine.seal.checkpoint import opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.note import LOG, Note, SignerKey, VerifierKey
from doorstep.engine.seal.source import Folder, Web
from doorstep.engine.seal.watching import watch
from doorstep.engine.seal.witness import CaughtError, Witness
from tests.engine.seal.logs import KEY, leaves, publish, write

NAME = "council.example.org/witness"


@pytest.fixture
def log(tmp_path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def witness(tmp_path) -> Witness:
    made = Witness(tmp_path / "watch")
    made.make_key(NAME)
    return made


def evidence(witness: Witness) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in witness.keep.glob("evidence/*/*")}


@pytest.mark.parametrize("sizes", [[1, 2], [3, 3, 200], [255, 256, 257, 600], [700, 1_000]])
def test_a_log_that_grows_is_cosigned(log, witness, sizes):
    for size in sizes:
        publish(log, leaves(size))
        sight = witness.look(Folder(log), cosign=True)
        assert sight.now.size == size
        note = Note.parse(sight.cosigned.read_bytes())
        assert note.signed_at(witness.make_key(NAME)) > 1_700_000_000
        assert note.signed_at(KEY.verifier) == 0
    assert evidence(witness) == {}


def test_two_histories_get_one_cosignature_and_the_evidence_is_kept(log, witness, tmp_path):
    publish(log, leaves(40))
    first = witness.look(Folder(log), cosign=True)
    other = tmp_path / "other"
    publish(other, leaves(40, "another story"))
    with pytest.raises(CaughtError, match=r"SPLIT VIEW\. Two different records of 40") as caught:
        witness.look(Folder(other), cosign=True)
    kept = evidence(witness)
    roots = [
        opened(kept[name], KEY.verifier)[0].root for name in ("seen-before.note", "shown-now.note")
    ]
    assert roots[0] == first.now.root != roots[1]
    assert b"SPLIT VIEW" in kept["why.txt"]
    assert str(witness.keep) in str(caught.value)
    assert opened((witness.keep / "cosigned.note").read_bytes(), KEY.verifier)[0] == first.now
    publish(log, leaves(50))
    assert witness.look(Folder(log)).before == first.now  # it still knows what it believed


@pytest.mark.parametrize("sizes", [(40, 40), (40, 90), (300, 256)])
def test_two_witnesses_who_saw_one_history_each_find_out_when_they_meet(tmp_path, sizes):
    """Each signs, as nothing tells it of the other history. Then one looks at what the other saw:
    both hold two checkpoints that the log signed, and which cannot both be."""
    logs = [tmp_path / f"log-{number}" for number in range(2)]
    witnesses = [Witness(tmp_path / f"watch-{number}") for number in range(2)]
    signed = []
    for number, (log, witness, size) in enumerate(zip(logs, witnesses, sizes, strict=True)):
        publish(log, leaves(size, f"story {number}"))
        witness.make_key(f"{number}.example.org/witness")
        note = witness.look(Folder(log), cosign=True).cosigned.read_bytes()
        signed.append(opened(note, KEY.verifier)[0])
    assert signed[0].root != signed[1].root
    for mine, other in ((0, 1), (1, 0)):
        with pytest.raises(CaughtError):
            witnesses[mine].look(Folder(logs[other]), cosign=True)
        kept = evidence(witnesses[mine])
        proof = [
            opened(kept[name], KEY.verifier)[0] for name in ("seen-before.note", "shown-now.note")
        ]
        assert proof == [signed[mine], signed[other]]
        assert kept["why.txt"]


@pytest.mark.parametrize(("old", "new"), [(40, 41), (40, 90), (256, 257), (300, 800), (1, 2)])
def test_a_rewritten_past_is_refused_whichever_leaf_it_was(log, witness, old, new):
    honest = leaves(new)
    publish(log, honest[:old])
    witness.look(Folder(log), cosign=True)
    chance = random.Random(old)
    for place in {0, old - 1, *(chance.randrange(old) for _ in range(4))}:
        publish(log, [*honest[:place], b"rewritten", *honest[place + 1 :]])
        with pytest.raises(CaughtError, match="past was rewritten"):
            witness.look(Folder(log), cosign=True)
    publish(log, honest)
    assert witness.look(Folder(log)).now.size == new


def test_a_log_that_goes_back_is_refused(log, witness):
    publish(log, leaves(40))
    witness.look(Folder(log))
    publish(log, leaves(39))
    with pytest.raises(CaughtError, match="It went back"):
        witness.look(Folder(log), cosign=True)
    assert not (witness.keep / "cosigned.note").exists()


def test_files_that_do_not_belong_to_the_checkpoint_are_not_signed(log, witness):
    publish(log, leaves(300))
    tile = log / "tile/0/001.p/44"
    tile.write_bytes(bytes([tile.read_bytes()[0] ^ 1]) + tile.read_bytes()[1:])
    with pytest.raises(SealError, match="do not lead to the root"):
        witness.look(Folder(log), cosign=True)
    tile.unlink()
    with pytest.raises(SealError, match="is not there"):
        witness.look(Folder(log), cosign=True)
    assert not (witness.keep / "seen.note").exists()


def test_another_key_is_never_taken_silently(log, witness):
    publish(log, leaves(4))
    stranger = SignerKey.new(KEY.name, LOG)
    with pytest.raises(SealError, match="has not signed"):
        witness.look(Folder(log), log_key=str(stranger.verifier))
    witness.look(Folder(log))
    publish(log, leaves(5), stranger)
    with pytest.raises(SealError, match="has not signed"):
        witness.look(Folder(log))
    with pytest.raises(SealError, match="under another key"):
        witness.look(Folder(log), log_key=str(stranger.verifier))


def test_a_damaged_checkpoint_is_a_sentence(log, witness):
    publish(log, leaves(4))
    whole = (log / "checkpoint").read_bytes()
    for data in (b"", whole[:-9], whole.replace(b"4\n", b"5\n", 1), b"\xff" * 80, whole * 500):
        write(log, "checkpoint", data)
        with pytest.raises(SealError):
            witness.look(Folder(log))


def test_without_a_key_of_its_own_it_does_not_sign(log, tmp_path):
    publish(log, leaves(4))
    with pytest.raises(SealError, match="--name"):
        Witness(tmp_path / "new").look(Folder(log), cosign=True)


def test_its_key_stays_and_is_its_owners_alone(witness):
    again = witness.make_key("another.example/name")
    assert again.name == NAME
    assert (witness.keep / "witness.key").stat().st_mode & 0o777 == 0o600


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args): ...


@contextmanager
def served(log: Path, handler: type[Quiet]) -> Iterator[str]:
    """The address of a log behind a web server on the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(log)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def address(log):
    """The log behind a plain web server."""
    with served(log, Quiet) as found:
        yield found


def test_a_plain_web_server_is_enough(log, witness, address):
    publish(log, leaves(300))
    assert witness.look(Web(address)).now.size == 300
    publish(log, leaves(900))
    assert witness.look(Web(f"{address}/")).before.size == 300
    (log / "checkpoint").unlink()
    with pytest.raises(SealError, match="is not there"):
        witness.look(Web(address))
    with pytest.raises(SealError, match="did not take it"):
        Web(address).send("cosignatures", b"x")
    with pytest.raises(SealError, match="cannot be reached"):
        Web("http://127.0.0.1:1").read("checkpoint")


def test_the_command_says_what_to_name_where_no_log_is(log, tmp_path, address, capsys):
    publish(log, leaves(1))
    assert watch(f"{address}/places", tmp_path / "watch") == 2
    said = capsys.readouterr().err
    assert f"doorstep: {address}/places is no log" in said
    assert "ends with /record/log/public" in said
    assert not (tmp_path / "watch").exists()


def test_the_command_says_what_it_saw(log, tmp_path, capsys):
    publish(log, leaves(40))
    keep = tmp_path / "watch"
    assert watch(str(log), keep, cosign=True, name=NAME) == 0
    told = capsys.readouterr().out
    assert "40 leaves, signed" in told
    assert str(KEY.verifier) in told
    key = next(line for line in told.splitlines() if NAME in line).split()[-1]
    assert VerifierKey.parse(key).name == NAME
    publish(log, leaves(41))
    assert watch(str(log), keep) == 0
    assert "begin with the 40 seen before" in capsys.readouterr().out
    publish(log, leaves(60, "another story"))
    assert watch(str(log), keep) == 1
    assert "SPLIT VIEW" in capsys.readouterr().err
    assert watch(str(tmp_path / "nowhere"), keep) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert watch("http://127.0.0.1:1", keep) == 2
    assert "doorstep: http://127.0.0.1:1/checkpoint cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [(200, b"Kept, and shown.\n", 0), (422, b"Nobody here knows this witness.\n", 2)],
)
def test_what_it_signed_is_sent_and_the_answer_is_told(log, tmp_path, capsys, status, answer, code):
    came = []

    class Takes(Quiet):
        def do_POST(self):
            came.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

    publish(log, leaves(40))
    keep = tmp_path / "watch"
    with served(log, Takes) as address:
        assert watch(address, keep, cosign=True, name=NAME, send=True) == code
    ((path, body),) = came
    assert path == "/cosignatures"
    assert Note.parse(body).signed_at(Witness(keep).make_key(NAME)) > 1_700_000_000
    said = capsys.readouterr()
    assert answer.decode().strip() in (said.err if code else said.out)


def test_nothing_can_be_sent_to_a_folder_and_that_is_said_before_anything_is_signed(
    log, tmp_path, capsys
):
    publish(log, leaves(40))
    keep = tmp_path / "watch"
    assert watch(str(log), keep, cosign=True, name=NAME, send=True) == 2
    assert "is a folder, and nothing can be sent to one" in capsys.readouterr().err
    assert not keep.exists()
