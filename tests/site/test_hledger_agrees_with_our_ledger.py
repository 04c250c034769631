"""The journal of a bundle passes the strict checks of hledger itself, and it finds our balances."""

import csv
import io
import shutil
import subprocess

import pytest

from doorstep.apps.ledger.hledger import journal_of
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.queries import balances, entries_of_fund
from tests.apps.awards.scene import scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid

HLEDGER = shutil.which("hledger")


@pytest.mark.django_db
@pytest.mark.skipif(HLEDGER is None, reason="no hledger here: apt-get install hledger")
def test_hledger_finds_what_we_find(tmp_path):
    paid(scene())
    found: dict[str, int] = {}
    for fund in Account.objects.values_list("fund", flat=True).distinct():
        journal = tmp_path / f"{fund}.journal"
        lines = journal_of(list(reversed(entries_of_fund(fund, limit=10**6))))
        journal.write_text("\n".join([*lines, ""]), encoding="utf-8")
        run(journal, "check", "--strict")
        told = run(journal, "balance", "--flat", "--empty", "--no-total", "--output-format", "csv")
        for row in csv.DictReader(io.StringIO(told)):
            found[row["account"]] = pence(row["balance"])
        broken = journal.read_text(encoding="utf-8").replace("  £0.00 = £", "  £0.00 = £1", 1)
        journal.write_text(broken, encoding="utf-8")
        with pytest.raises(subprocess.CalledProcessError):
            run(journal, "check")
    assert found == balances(found)
    assert sum(found.values()) == 0 < max(found.values())


def run(journal, *arguments: str) -> str:
    command = [HLEDGER, "-f", journal, *arguments]
    environment = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def pence(amount: str) -> int:
    """£-12.50 as -1250; hledger writes 0 without its pound sign."""
    pounds, _, rest = amount.replace("£", "").replace(",", "").partition(".")
    sign = -1 if pounds.startswith("-") else 1
    return sign * (abs(int(pounds)) * 100 + int(rest or 0))
