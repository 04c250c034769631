"""`./doorstep bench verify` times the file that is handed out, on records that it finds right."""

from bench.verify import measured


def test_both_records_are_read_to_their_end(tmp_path):
    entries, leaves = measured(tmp_path, times=1, scale=500)
    assert (entries.count, entries.name) == (203, "entries")
    assert (leaves.count, leaves.name) == (2_000, "leaves")
    assert entries.took.worked > 0 < leaves.floor
    assert "203 entries in " in entries.in_words()
