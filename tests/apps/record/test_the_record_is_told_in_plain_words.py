"""`/record/` tells what happened, newest first, down to bytes that anybody can check by hand."""

import subprocess
import sys

import pytest

from doorstep.apps.record.actions import erase_words, keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf

pytestmark = pytest.mark.django_db


def test_an_empty_record_says_so(page):
    assert "Nothing has happened yet" in page.get("/record/").text


def test_it_is_told_newest_first(page):
    write_leaf("garden.bench_placed", {"bench": 1})
    write_leaf("garden.bench_moved", {"bench": 1})
    rows = page.get("/record/").table()
    assert [row[:2] for row in rows[1:]] == [
        ["1", "Garden: bench moved."],
        ["0", "Garden: bench placed."],
    ]


def test_the_audit_log_is_not_public(page):
    write_leaf("garden.shed_code_changed", {"shed": 1}, log="audit")
    assert "shed" not in page.get("/record/").text
    page.get("/record/0/", status=404)


def test_a_long_record_is_paged(page, django_assert_max_num_queries):
    for number in range(120):
        write_leaf("garden.bench_placed", {"bench": number})
    first = page.get("/record/")
    assert [row[0] for row in first.table()[1:]] == [str(n) for n in range(119, 69, -1)]
    with django_assert_max_num_queries(5):
        second = page.get("/record/" + first.links["Older"])
    assert [row[0] for row in second.table()[1:]] == [str(n) for n in range(69, 19, -1)]
    last = page.get("/record/" + second.links["Older"])
    assert len(last.table()) == 21
    assert "Older" not in last.links


def test_it_can_be_narrowed_to_one_kind_of_thing(page):
    write_leaf("garden.bench_placed", {"bench": 1})
    words = keep_words("A name")
    write_leaf("garden.named", {"name": words.commitment})
    erase_words(words, actor=Actor("system", "test"), reason="Asked for")
    told = page.get("/record/?about=words")
    assert [row[1] for row in told.table()[1:]] == [
        "Words in the record were erased. Reason: Asked for"
    ]
    assert "Only: Words erased" in told.text


@pytest.mark.parametrize("odd", ["?before=x", "?before=-1", "?before=²", "?about=<b>", "?before="])
def test_an_odd_address_still_gets_a_page(page, odd):
    write_leaf("garden.bench_placed", {"bench": 1})
    page.get("/record/" + odd)


def test_a_line_can_be_checked_by_hand(page, tmp_path):
    words = keep_words("Somebody’s <name>")
    write_leaf("garden.named", {"name": words.commitment})
    write_leaf("garden.bench_placed", {"bench": 1})
    told = page.get("/record/0/")
    assert "Somebody’s <name>" in told.text
    commands = [pre.text for pre in told.all("pre")][1:]
    (tmp_path / "leaf-0.json").write_bytes(page.client.get("/record/0/leaf.json").content)
    printed = [
        subprocess.run(
            command.replace("python3", sys.executable), shell=True, cwd=tmp_path, check=True,
            capture_output=True, text=True,
        ).stdout.strip()
        for command in commands
    ]  # fmt: skip
    leaf = Leaf.objects.get(log="public", idx=0)
    assert printed == [bytes(leaf.leaf_hash).hex(), bytes(leaf.chain).hex()]
    assert all(one in told.text for one in printed)


def test_erased_words_are_gone_from_the_page(page):
    words = keep_words("Somebody’s name")
    write_leaf("garden.named", {"name": words.commitment})
    erase_words(words, actor=Actor("system", "test"), reason="Asked for")
    assert "Somebody" not in page.get("/record/0/").html
    assert "words erased" in page.get("/record/0/").text


def test_there_is_no_such_line(page):
    page.get("/record/7/", status=404)
    assert page.client.get("/record/7/leaf.json").status_code == 404
