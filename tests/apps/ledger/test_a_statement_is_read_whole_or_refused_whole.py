"""What a bank writes is read one way, or refused with the line and what to do about it."""

import contextlib
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doorstep.apps.ledger.statements import MAX_FILE, read
from doorstep.apps.refused import Refused
from tests.apps.ledger.statements import CAMT, EVERY, HIGH_STREET, LINES, OFX, OFX_2, OWN


def told(text: str | bytes) -> list[tuple[date, int]]:
    content = text.encode() if isinstance(text, str) else text
    return sorted((line.booked_on, line.pence) for line in read(content).lines)


@pytest.mark.parametrize("name", EVERY)
def test_each_layout_says_the_same(name):
    assert told(EVERY[name]) == LINES


@pytest.mark.parametrize("name", sorted(set(EVERY) - {"signed"}))
def test_each_closing_balance_is_found(name):
    closing = read(EVERY[name].encode()).closing
    assert closing is not None
    assert closing[1] == 818_750


@pytest.mark.parametrize("name", ["high street", "signed", "OFX 1", "OFX 2", "CAMT.053"])
def test_a_file_says_which_account_it_is_about(name):
    assert read(EVERY[name].encode()).ending == "678"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_may_come_in_any_encoding_that_windows_writes(encoding):
    text = "Date,Description,Amount\n02/06/2026,Café & Söhne £5,-12.50\n"
    (line,) = read(text.encode(encoding)).lines
    assert (line.who, line.pence) == ("Café & Söhne £5", -1_250)


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("1234.5", 123_450), ("-£1,234.50", -123_450), ("(12.50)", -1_250), ("12.50 DR", -1_250),
        ("12.50CR", 1_250), ("+3", 300), ("\u2212 7.00", -700), ("1,234,567.89", 123_456_789),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(written, pence):
    assert told(f'date,amount,who\n2026-06-02,"{written}",x\n') == [(date(2026, 6, 2), pence)]


@pytest.mark.parametrize("written", ["1.234,50", "12,50", "12.505", "1e3", "٣", "twelve", "0x10"])
def test_an_amount_that_could_be_two_is_refused_with_its_line(written):
    with pytest.raises(Refused, match="Line 3 of the file") as refused:
        told(f'date,amount,who\n2026-06-02,1,x\n2026-06-02,"{written}",x\n')
    assert "Nothing was imported" in refused.value.reason


def test_the_day_comes_first_and_is_never_guessed():
    assert told("Date,Amount\n03/11/2026,1\n") == [(date(2026, 11, 3), 100)]
    with pytest.raises(Refused, match="day first, as in 23/11/2026"):
        told("Date,Amount\n11/23/2026,1\n")


def test_a_day_in_the_future_tells_that_day_and_month_changed_places():
    with pytest.raises(Refused, match="changed places"):
        told("Date,Amount\n01/12/2199,1\n")


BROKEN = {
    "a column short": ("date,amount,who\n2026-06-02,1.00\n", "Line 2 .* fewer columns"),
    "nothing moved": ("date,amount,who\n2026-06-02,0.00,x\n", "Line 2 .* nothing"),
    "in and out at once": (
        "Date,Paid in,Paid out\n02/06/2026,1.00,1.00\n", "Line 2 .* in and money out at once",
    ),
    "no amount": ("Date,Paid in,Paid out\n02/06/2026,,\n", "Line 2 .* no amount"),
    "a quotation mark open": ('date,amount,who\n2026-06-02,1.00,"x\n', "Line 2 .* quotation"),
    "another money": ("date,amount,currency\n2026-06-02,1.00,EUR\n", "Line 2 .* not in pounds"),
    "two amounts": ("date,amount,value\n2026-06-02,1,1\n", "Line 1 .* two columns"),
    "amount and sides": ("date,amount,paid in\n2026-06-02,1,1\n", "Line 1 .* Remove one"),
    "no headings": ("2026-06-02,1.00,x\n", "No headings were found"),
    "a line left out": (OWN.replace("2026-06-10", "X").replace(
        "X,-1800.00,JAMES KITCHENS,INV 204,A2,8200.00\n", ""), "a line may be missing"),
    "two accounts": (HIGH_STREET.replace("12345678", "12345999", 1), "more than one account"),
    "OFX cut short": (OFX[:700], "cut short or damaged"),
    "OFX of two accounts": (OFX.replace("</STMTRS>", "</STMTRS><STMTRS></STMTRS>"), "more than"),
    "OFX in euro": (OFX.replace("GBP", "EUR"), "not in pounds"),
    "OFX with a broken day": (OFX.replace("20260610", "2026061X"), "Line 2 .* not a day"),
    "OFX with a broken sum": (OFX.replace("-1800.00", "-1800,00"), "Line 2 .* not an amount"),
    "OFX with CDATA left open": (OFX_2.replace("]]>", "", 1), "."),
    "CAMT cut short": (CAMT[:600], "Line 3 of the file: the XML is damaged"),
    "CAMT with a broken sum": (CAMT.replace(">12.50<", ">12,50<"), "Line 6 .* not an amount"),
    "CAMT in euro": (CAMT.replace('"GBP">1800', '"EUR">1800'), "no amount in pounds"),
    "CAMT with a line left out": (CAMT.replace(">12.50<", ">12.60<"), "do not add up"),
    "CAMT without a side": (CAMT.replace("DBIT", "??"), "came in or went out"),
    "other XML": ("<html></html>", "not a bank statement"),
    "nothing": (" \n", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a bank statement|No headings"),
    "too much": (b"x" * (MAX_FILE + 1), "5 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_what_to_do(name):
    text, sentence = BROKEN[name]
    with pytest.raises(Refused, match=sentence):
        told(text)


def test_no_entity_is_ever_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret key")
    outside = f'<!DOCTYPE x [<!ENTITY who SYSTEM "file://{secret}">]>'
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    ) + "]>"  # fmt: skip
    for declared in (outside, bomb, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'):
        for entity in ("&who;", "&m;", ""):
            content = CAMT.replace("?>\n", f"?>{declared}", 1).replace("JAMES", entity)
            started = time.monotonic()
            with pytest.raises(Refused) as refused:
                read(content.encode())
            assert "secret key" not in refused.value.reason
            assert time.monotonic() - started < 2


def test_a_file_made_to_be_slow_is_read_as_fast_as_any_other():
    hostile = OFX_2.replace("JAMES KITCHENS", "<![CDATA[x" * 100_000)
    tags = OFX.replace("JAMES", "<A" * 400_000)
    quotes = "date,amount,who\n" + '2026-06-02,1,""""""""\n' * 15_000
    for content in (hostile, tags, quotes):
        started = time.monotonic()
        with contextlib.suppress(Refused):
            read(content.encode())
        assert time.monotonic() - started < 5


def test_a_batch_of_camt_is_its_payments_when_they_add_up():
    details = "".join(
        f'<TxDtls><Amt Ccy="GBP">{sum_}</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>'
        for sum_ in ("1000.00", "800.00")
    )
    batch = CAMT.replace("<NtryDtls>", "<NtryDtls>" + details).replace(
        "<TxDtls><Refs>", '<TxDtls><Amt Ccy="EUR">5.00</Amt><Refs>'
    )
    assert told(batch) == LINES  # one of them is in euro, so the entry's own sum stands
    whole = CAMT.replace("<NtryDtls><TxDtls>", f"<NtryDtls>{details}<X>").replace(
        "</TxDtls></NtryDtls></Ntry>", "</X></NtryDtls></Ntry>"
    )
    lines = [line for line in read(whole.encode()).lines if line.booked_on == date(2026, 6, 10)]
    assert [(line.pence, line.bank_ref) for line in lines] == [
        (-100_000, "A2/1"), (-80_000, "A2/2"),
    ]  # fmt: skip


def test_a_pending_entry_waits_for_the_statement_that_books_it():
    pending = CAMT.replace("<Bal><Tp><CdOrPrtry><Cd>CLBD", "<Bal><Tp><CdOrPrtry><Cd>XXXX")
    pending = pending.replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", 1)
    assert told(pending) == LINES[1:]


cells = st.one_of(
    st.sampled_from(["2026-06-02", "02/06/2026", "12.50", "-1", "", '"', "GBP", "1,000.00", "x"]),
    st.text(max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.sampled_from(",;\t"))
@example([["date", "amount"], ["2026-06-02", "1"]], ",")
def test_no_csv_breaks_the_reader(rows, between):
    text = "\n".join(between.join(row) for row in [["Date", "Amount", "Balance"], *rows])
    whatever(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([OFX, OFX_2, CAMT, HIGH_STREET]), st.data())
def test_no_damaged_file_breaks_the_reader(whole, data):
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(st.one_of(st.text(max_size=12), st.sampled_from(["<", "]]>", "&x;", "\x00"])))
    whatever((whole[:at] + put + whole[at + cut :]).encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    whatever(content)
    whatever(b"<OFX>" + content)
    whatever(b"<Document>" + content)
    whatever(b"\xff\xfe" + content)


def whatever(content: bytes) -> None:
    """Read or refused; whole pence and a reason to read, never another exception."""
    try:
        statement = read(content)
    except Refused:
        return
    assert all(type(line.pence) is int and line.pence for line in statement.lines)
