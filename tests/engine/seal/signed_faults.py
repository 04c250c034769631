"""The faults that a signed record may have: what is done to a good one, and what is said then."""

from tests.engine.seal.records import HELD, MILL, POT, SENT, WORLD, account, award, by, entry, said


def place_of(record, kind, number=0):
    return [at for at, says in enumerate(record) if says["kind"] == kind][number]


def change(kind, number=0, /, **what):
    def do(record):
        record[place_of(record, kind, number)].update(what)

    return do


def drop(kind, number=0):
    def do(record):
        del record[place_of(record, kind, number)]

    return do


def add(*leaves):
    return lambda record: record.extend(leaves)


def nameless(*kinds):
    def do(record):
        for kind in kinds:
            del record[place_of(record, kind)]["payment"]

    return do


def by_another_places_round(record):
    record += [
        said("round.frozen", round="r2", place="wharf", **by(1)),
        said("round.decided", round="r2", funded=1, **by(1)),
    ]
    record.append(award("a2", 1, len(record) - 1))


AT_A_MEETING = {"kind": "meeting.item_decided", "item_kind": "money"}
FAULTS = {
    "a float": (add(said("x.y", n=0.5)), "not canonical JSON"),
    "a large number": (add(said("x.y", n=2**53)), "2\\^53"),
    "no version": (add({"kind": "x.y", "time": "t"}), "version"),
    "an account twice": (add(account(POT)), "opens the account fund:pot a second time"),
    "a guard taken off": (change("ledger.account", 1, guard="none"), "may not have"),
    "an unknown guard": (change("ledger.account", 1, guard="x"), "may not have"),
    "example money in a fund": (add(account("example:mill:available")), "pretend and real"),
    "an entry missing": (drop("ledger.journal", 1), "is not entry 2"),
    "a transfer missing": (change("ledger.journal", 1, first_transfer=3), "is not entry 2"),
    "a request twice": (change("ledger.journal", 1, idem=f"{1:064}"), "was posted before"),
    "no lines": (change("ledger.journal", 1, lines=[]), "no lines"),
    "half a penny": (change("ledger.journal", 0, lines=[[WORLD, POT, "1"]]), "whole number"),
    "a negative sum": (change("ledger.journal", 0, lines=[[WORLD, POT, -1]]), "cannot be"),
    "an unknown account": (change("ledger.journal", 0, lines=[[WORLD, "x:y", 1]]), "cannot be"),
    "to itself": (change("ledger.journal", 0, lines=[[POT, POT, 1]]), "cannot be"),
    "too much": (change("ledger.journal", 1, lines=[[POT, MILL, 100_001]]), "more from fund:pot"),
    "two funds": (change("ledger.account", 2, fund="other"), "between two funds"),
    "reversed twice": (
        add(entry(8, "ledger.reversal", [[MILL, POT, 5_000]], 8, reverses=6)),
        "a second time",
    ),
    "a reversal reversed": (
        add(entry(8, "ledger.reversal", [[POT, MILL, 5_000]], 8, reverses=7)),
        "a reversal itself",
    ),
    "reversed by another sum": (
        change("ledger.journal", 6, lines=[[MILL, POT, 4_999]]),
        "exactly what entry 6 moved",
    ),
    "the future reversed": (change("ledger.journal", 6, reverses=9), "not an earlier one"),
    "an award without a decision": (change("award.made", decision=4), "no earlier decision"),
    "an award above its decision": (change("meeting.decided", pence=29_999), "more than leaf 5"),
    "an award by what a meeting did not agree to": (
        change("meeting.decided", **AT_A_MEETING, outcome="lost"),
        "no earlier decision",
    ),
    "an award above what a meeting agreed to": (
        change("meeting.decided", **AT_A_MEETING, outcome="carried", pence=29_999),
        "more than leaf 5",
    ),
    "another place's decision": (change("meeting.decided", place="wharf"), "another place"),
    "an award twice": (add(award("a1", 1, 5)), "a second time"),
    "an award above what one role may give": (
        change("meeting.decided", kind="delegation.agreed", pence=29_999),
        "more than leaf 5",
    ),
    "an award above what a meeting lets one role give": (
        change(
            "meeting.decided",
            **AT_A_MEETING | {"item_kind": "limit"},
            outcome="carried",
            pence=29_999,
        ),
        "more than leaf 5",
    ),
    "an award by what a meeting heard and did not decide": (
        change("meeting.decided", **AT_A_MEETING | {"item_kind": "report"}, outcome="carried"),
        "no earlier decision",
    ),
    "an award by another place's round": (by_another_places_round, "another place"),
    "an award promised less than it is of": (
        change("ledger.journal", 2, lines=[[MILL, HELD, 29_999]]),
        "Award a1 is of 30000 pence, and 29999 were promised to it",
    ),
    "an award promised more than it is of": (
        add(entry(8, "award.committed", [[MILL, HELD, 1]], 8)),
        "Award a1 is of 30000 pence, and 30001 were promised to it",
    ),
    "money slipped into an award": (
        add(entry(8, "fund.allocated", [[MILL, HELD, 1]], 8)),
        "Entry 8 adds to an award, and is no promise",
    ),
    "money promised to no award": (
        add(
            account("place:mill:committed:a9"),
            entry(8, "award.committed", [[MILL, "place:mill:committed:a9", 1]], 8),
        ),
        "Money was promised to place:mill:committed:a9, and no leaf makes that award",
    ),
    "an award ended that nobody made": (
        add(said("award.closed", award="a9", **by(1))),
        "ends the award a9, which nobody made",
    ),
    "an award ended twice": (
        add(said("award.closed", award="a1", **by(1)), said("award.cancelled", award="a1")),
        "ends the award a1 a second time",
    ),
    "a payment of an award that had ended": (
        add(
            said("award.closed", award="a1", **by(1)),
            said("payment.raised", payment="a1-p2", award="a1", pence=1, approvals_needed=1),
        ),
        "the award a1, which had ended",
    ),
    "a payment of no award": (change("payment.raised", award="a2"), "which nobody made"),
    "a payment nobody raised": (drop("payment.raised"), "which nobody raised"),
    "nobody else agrees": (change("payment.raised", approvals_needed=0), "somebody else"),
    "a payment without a name": (nameless("payment.raised"), "a1-p1, which nobody raised"),
    "a payment and a step of it without a name": (
        nameless("payment.raised", "payment.recused"),
        "a1-p1, which nobody raised",
    ),
    "one approver where the rule asks two": (
        change("payment.raised", approvals_needed=1),
        "10000 pence are asked for of its award: its rule asks two from 10000 on",
    ),
    "a sum split to spare an approver": (
        add(
            said(
                "payment.raised",
                payment="a1-p2",
                award="a1",
                pence=5_000,
                approvals_needed=1,
                second_approver_from=15_000,
                **by(1),
            ),
        ),
        "15000 pence are asked for of its award: its rule asks two from 15000 on",
    ),
    "a rule from nothing on": (change("payment.raised", second_approver_from=0), "begins at 0"),
    "the raiser agrees": (change("payment.agreed_to", 0, **by(1)), "one person act twice"),
    "one agrees twice": (change("payment.agreed_to", 1, **by(2)), "one person act twice"),
    "an approval missing": (drop("payment.agreed_to"), "with 1 approvals, and its rule required 2"),
    "released without approval": (drop("payment.approved"), "which was raised"),
    "another sum released": (change("payment.released", pence=9_999), "another sum"),
    "another entry named": (change("payment.released", entry=3), "did not move the money"),
    "cleared before it went": (drop("payment.released"), "which was approved"),
    "money moved for nobody": (change("payment.cleared", kind="x.y"), "no leaf says whose"),
    "money from elsewhere": (
        change("ledger.journal", 3, lines=[[MILL, "place:mill:in_transit:a1-p1", 10_000]]),
        "did not move the money",
    ),
    "paid to somebody else": (
        change("ledger.journal", 4, lines=[[SENT, POT, 10_000]]),
        "did not move the money of a1-p1",
    ),
    "taken back by an entry that is none of it": (
        add(said("payment.uncleared", payment="a1-p1", pence=10_000, entry=7, **by(2))),
        "entry 7, which did not move the money of a1-p1 back",
    ),
    "taken back by no entry": (
        add(said("payment.uncleared", payment="a1-p1", pence=10_000, entry=99, **by(2))),
        "entry 99, which did not move the money of a1-p1 back",
    ),
    "cancelled when paid": (
        add(said("payment.cancelled", payment="a1-p1", award="a1", **by(2))),
        "which was cleared",
    ),
    "somebody agrees who declared an interest": (
        change("payment.agreed_to", 0, **by(5)),
        "who declared an interest in it",
    ),
    "an approval with an interest": (
        change("payment.agreed_to", 0, declared="loyalty"),
        "who declared an interest in it",
    ),
    "a line of the bank twice": (
        add(said("bank.matched", line=7, entry=None, pence=-1, **by(3))),
        "accounts for line 7 of the bank a second time",
    ),
    "an entry with two lines of the bank": (
        add(said("bank.matched", line=8, entry=5, pence=-10_000, **by(3))),
        "gives entry 5 a second line",
    ),
    "another sum of the bank": (
        change("bank.matched", pence=-9_999),
        "holds -9999 of the bank against entry 5, which moved another sum",
    ),
    "the bank moved no entry": (change("bank.matched", entry=99), "which moved another sum"),
    "a payment that no line paid": (
        change("bank.matched", kind="x.y"),
        "Line 7 of the bank is said to have paid",
    ),
    "a match undone that never was": (
        add(said("bank.unmatched", line=9, entry=5, pence=1, **by(3))),
        "that is nothing",
    ),
    "a match undone under a payment": (
        add(said("bank.unmatched", line=7, entry=5, pence=-10_000, **by(3))),
        "Line 7 of the bank is said to have paid",
    ),
    "a receipt of no payment": (
        change("receipt.handed_in", payment="a9"),
        "receipt of the payment a9, which nobody raised",
    ),
    "a receipt of nothing": (
        change("receipt.handed_in", pence=0),
        "receipt of 0, which is no whole",
    ),
    "a receipt that nobody handed in": (change("receipt.shown", pence=4_001), "nobody handed in"),
    "more codes used than issued": (change("voting.ended", used_paper=21), "only 40 were issued"),
    "more codes opened": (change("voting.opened", codes=41), "40 were printed"),
    "codes spoilt that never were": (change("voting.batch_spoiled", printed=22), "not printed so"),
    "a round never frozen": (change("round.frozen", kind="round.closed"), "never frozen"),
    "counted before it closed": (
        add(said("round.counted", round="r1", funded=0, **by(1))),
        "was not closed",
    ),
    "frozen twice": (add(said("round.frozen", round="r1", **by(1))), "a second time"),
}
