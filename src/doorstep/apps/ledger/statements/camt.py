"""CAMT.053, the bank statement of ISO 20022, read with lxml: no entities, no DTD, no network.

One booked entry (Ntry) is one line of the account. Its amount is the entry's own: details inside
it may be in another currency or left out, so they only name who and what for. Where an entry
books several payments at once, each detail that carries its own amount in pounds is a line,
provided that they add up to the entry.
"""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from doorstep.apps.refused import Refused

from .plain import Booked, Format, Statement, broken, checked, day_of, ending_of, pence_of, said

_TAGS = ("camt.053.001.", "camt.052.001.")


def read_camt(content: bytes) -> Statement:
    """Booked entries only; pending ones are left for the statement that books them."""
    root = _parsed(content)
    space = etree.QName(root).namespace or ""
    if not any(tag in space for tag in _TAGS):
        raise Refused(
            _(
                "This is an XML file, but not a bank statement in CAMT.053. Choose CAMT.053, OFX "
                "or CSV when you download."
            ),
            code="statement-format",
        )
    reader = _Reader(space)
    statements = reader.all(root, "BkToCstmrStmt/Stmt")
    if len(statements) != 1:
        raise Refused(
            _(
                "This file is about more than one account, or about none. Download each account "
                "by itself."
            ),
            code="statement-accounts",
        )
    statement = statements[0]
    lines = [
        line
        for entry in reader.all(statement, "Ntry")
        if reader.status(entry) in {"", "BOOK"}
        for line in reader.lines(entry)
    ]
    account = reader.text(statement, "Acct/Id/IBAN") or reader.text(statement, "Acct/Id/Othr/Id")
    return Statement(
        Format.CAMT,
        checked(lines, timezone.localdate()),
        reader.closing(statement),
        ending_of(account),
    )


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise broken(error.lineno or 1, _("the XML is damaged or cut short there.")) from None
    except (ValueError, LookupError):
        raise broken(1, _("the XML is damaged or cut short there.")) from None
    # An entity can only be declared in a DTD, and no bank's statement has one.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(
            _(
                "This file declares a document type, which no bank’s statement does. It was not "
                "read."
            ),
            code="statement-dtd",
        )
    return root


class _Reader:
    def __init__(self, space: str) -> None:
        self.space = space

    def all(self, inside: Any, path: str) -> list[Any]:
        return list(inside.findall("/".join(f"{{{self.space}}}{tag}" for tag in path.split("/"))))

    def one(self, inside: Any, path: str) -> Any:
        found = self.all(inside, path)
        return found[0] if found else None

    def text(self, inside: Any, path: str) -> str:
        found = self.one(inside, path)
        return (found.text or "").strip() if found is not None else ""

    def status(self, entry: Any) -> str:
        """`<Sts>BOOK</Sts>` up to version 7, `<Sts><Cd>BOOK</Cd></Sts>` after it."""
        return self.text(entry, "Sts") or self.text(entry, "Sts/Cd")

    def lines(self, entry: Any) -> list[Booked]:
        number = int(entry.sourceline or 0)
        total = self.pence(entry, number)
        day = self.text(entry, "BookgDt/Dt") or self.text(entry, "BookgDt/DtTm")
        booked_on = day_of(day or self.text(entry, "ValDt/Dt"), number)
        ref = said(self.text(entry, "AcctSvcrRef"))
        details = self.all(entry, "NtryDtls/TxDtls")
        parts = self.parts(entry, details, total)
        if parts is None:
            who, reference = self.told(details[0], total) if len(details) == 1 else ("", "")
            reference = reference or said(self.text(entry, "AddtlNtryInf"))
            return [Booked(number, booked_on, total, ref, who, reference)]
        return [
            Booked(
                number,
                booked_on,
                pence,
                f"{self.own_ref(detail) or ref}/{place}",
                *self.told(detail, pence),
            )
            for place, (detail, pence) in enumerate(zip(details, parts, strict=True), start=1)
        ]

    def parts(self, entry: Any, details: list[Any], total: int) -> list[int] | None:
        """What each of several details moved, if each says so in pounds and the sum is right."""
        if len(details) < 2:
            return None
        found = []
        for detail in details:
            amount = self.one(detail, "Amt")
            if amount is None:
                amount = self.one(detail, "AmtDtls/TxAmt/Amt")
            if amount is None or amount.get("Ccy") != "GBP":
                return None
            pence = abs(pence_of(amount.text or "", int(amount.sourceline or 0)))
            turned = self.text(detail, "CdtDbtInd") or self.text(entry, "CdtDbtInd")
            found.append(pence if turned == "CRDT" else -pence)
        return found if sum(found) == total and all(found) else None

    def told(self, detail: Any, pence: int) -> tuple[str, str]:
        """Who stood at the other end, and what for."""
        other = "Cdtr" if pence < 0 else "Dbtr"
        who = self.text(detail, f"RltdPties/{other}/Nm") or self.text(
            detail, f"RltdPties/{other}/Pty/Nm"
        )
        words = [one.text or "" for one in self.all(detail, "RmtInf/Ustrd")]
        words.append(self.text(detail, "RmtInf/Strd/CdtrRefInf/Ref"))
        end_to_end = self.text(detail, "Refs/EndToEndId")
        if end_to_end != "NOTPROVIDED":
            words.append(end_to_end)
        return said(who), said(" ".join(words))

    def own_ref(self, detail: Any) -> str:
        return said(self.text(detail, "Refs/AcctSvcrRef"))

    def pence(self, holds: Any, number: int) -> int:
        amount = self.one(holds, "Amt")
        if amount is None or amount.get("Ccy") != "GBP":
            raise broken(number, _("it has no amount in pounds."))
        pence = pence_of(amount.text or "", number)
        turned = self.text(holds, "CdtDbtInd")
        if pence < 0 or turned not in {"CRDT", "DBIT"}:
            raise broken(number, _("it does not say whether money came in or went out."))
        return pence if turned == "CRDT" else -pence

    def closing(self, statement: Any) -> tuple[date, int] | None:
        """The closing booked balance (CLBD). Opening and entries must lead to it."""
        balances = {}
        for balance in self.all(statement, "Bal"):
            number = int(balance.sourceline or 0)
            day = self.text(balance, "Dt/Dt") or self.text(balance, "Dt/DtTm")
            code = self.text(balance, "Tp/CdOrPrtry/Cd")
            if code in {"OPBD", "CLBD"}:
                balances[code] = (day_of(day, number), self.pence(balance, number))
        if len(balances) == 2:
            moved = sum(
                self.pence(entry, int(entry.sourceline or 0))
                for entry in self.all(statement, "Ntry")
                if self.status(entry) in {"", "BOOK"}
            )
            if balances["OPBD"][1] + moved != balances["CLBD"][1]:
                raise Refused(
                    _(
                        "The opening balance and the entries do not add up to the closing "
                        "balance, so a line may be missing. Nothing was imported. Download the "
                        "statement again."
                    ),
                    code="statement-balance",
                )
        return balances.get("CLBD")
