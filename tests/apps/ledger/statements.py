"""Statements as banks write them, with made-up lines: the same three in each format."""

from datetime import date

from doorstep.apps.ledger.actions import open_bank_account
from doorstep.apps.ledger.models import BankAccount
from doorstep.apps.places.models import Place
from tests.millbrook import ACTOR

OWN = """date,amount,who,reference,bank reference,balance
2026-06-02,10000.00,ALDERDALE FUND,SHARE 1,A1,10000.00
2026-06-10,-1800.00,JAMES KITCHENS,INV 204,A2,8200.00
2026-06-11,-12.50,JAMES KITCHENS,BANK FEE,A3,8187.50
"""
HIGH_STREET = (
    "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,"
    "Debit Amount,Credit Amount,Balance\n"
    "11/06/2026,FPO,'20-00-00,12345678,JAMES KITCHENS,12.50,,8187.50\n"
    "10/06/2026,FPO,'20-00-00,12345678,JAMES KITCHENS,1800.00,,8200.00\n"
    "02/06/2026,BGC,'20-00-00,12345678,ALDERDALE FUND,,10000.00,10000.00\n"
)
BUILDING_SOCIETY = (
    '"Account Name:","Community ****45678"\n"Account Balance:","£8187.50"\n\n'
    '"Date","Transaction type","Description","Paid out","Paid in","Balance"\n'
    '"02 Jun 2026","Bank credit","ALDERDALE FUND","","£10,000.00","£10,000.00"\n'
    '"10 Jun 2026","Payment to","JAMES KITCHENS","£1,800.00","","£8,200.00"\n'
    '"11 Jun 2026","Payment to","JAMES KITCHENS","£12.50","","£8,187.50"\n'
)
SIGNED = (
    "Number,Date,Account,Amount,Subcategory,Memo\n"
    ",11/06/2026,20-00-00 12345678,-12.50,PAYMENT,JAMES KITCHENS\n"
    ",10/06/2026,20-00-00 12345678,-1800.00,PAYMENT,JAMES KITCHENS\n"
    ",02/06/2026,20-00-00 12345678,10000.00,DIRECTDEP,ALDERDALE FUND\n"
)
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>
<CURDEF>GBP
<BANKACCTFROM><BANKID>200000<ACCTID>12345678<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260601<DTEND>20260630
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260602120000[0:GMT]<TRNAMT>10000.00<FITID>A1
<NAME>ALDERDALE FUND<MEMO>SHARE 1</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260610<TRNAMT>-1800.00<FITID>A2
<NAME>JAMES &amp; SON KITCHENS<MEMO>INV 204</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260611<TRNAMT>-12.50<FITID>A3
<NAME>JAMES KITCHENS<MEMO>BANK FEE</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>8187.50<DTASOF>20260630</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
OFX_2 = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n' + (
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP</CURDEF>"
    "<BANKACCTFROM><ACCTID>12345678</ACCTID></BANKACCTFROM><BANKTRANLIST>"
    "<STMTTRN><DTPOSTED>20260602</DTPOSTED><TRNAMT>10000.00</TRNAMT><FITID>A1</FITID>"
    "<NAME><![CDATA[ALDERDALE & FUND]]></NAME><MEMO><![CDATA[SHARE <1>]]></MEMO></STMTTRN>"
    "<STMTTRN><DTPOSTED>20260610</DTPOSTED><TRNAMT>-1800.00</TRNAMT><FITID>A2</FITID>"
    "<NAME>JAMES KITCHENS</NAME></STMTTRN>"
    "<STMTTRN><DTPOSTED>20260611</DTPOSTED><TRNAMT>-12.50</TRNAMT><FITID>A3</FITID></STMTTRN>"
    "</BANKTRANLIST><LEDGERBAL><BALAMT>8187.50</BALAMT><DTASOF>20260630</DTASOF></LEDGERBAL>"
    "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)


def _entry(pence: str, turned: str, day: str, ref: str, inside: str = "") -> str:
    return (
        f'<Ntry>\n<Amt Ccy="GBP">{pence}</Amt><CdtDbtInd>{turned}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{ref}</AcctSvcrRef>{inside}</Ntry>\n"
    )


def _balance(code: str, pence: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="GBP">{pence}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


PAYEE = (
    "<NtryDtls><TxDtls><Refs><EndToEndId>INV 204</EndToEndId></Refs>"
    "<RltdPties><Cdtr><Pty><Nm>JAMES KITCHENS</Nm></Pty></Cdtr></RltdPties>"
    "</TxDtls></NtryDtls>"
)
CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-07-01T00:00:00</CreDtTm></GrpHdr>"
    "<Stmt><Id>1</Id><Acct><Id><IBAN>GB33BUKB20000012345678</IBAN></Id></Acct>"
    + _balance("OPBD", "0.00", "2026-06-01")
    + _balance("CLBD", "8187.50", "2026-06-30")
    + _entry("10000.00", "CRDT", "2026-06-02", "A1")
    + _entry("1800.00", "DBIT", "2026-06-10", "A2", PAYEE)
    + _entry("12.50", "DBIT", "2026-06-11", "A3")
    + "</Stmt></BkToCstmrStmt></Document>"
)
EVERY = {
    "own layout": OWN,
    "high street": HIGH_STREET,
    "building society": BUILDING_SOCIETY,
    "signed": SIGNED,
    "OFX 1": OFX,
    "OFX 2": OFX_2,
    "CAMT.053": CAMT,
}
LINES = [
    (date(2026, 6, 2), 1_000_000),
    (date(2026, 6, 10), -180_000),
    (date(2026, 6, 11), -1_250),
]


def bank_account(place: Place, slug: str = "millbrook-east-at-the-host") -> BankAccount:
    return open_bank_account(
        slug, label="The host’s account for Millbrook East", fund=f"fund-of-{place.slug}",
        place=place, last_three="678", actor=ACTOR,
    )  # fmt: skip
