"""What is tried, T1 to T28, what is asked of each, and the short test that is always run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """`kept_by` is the file of the short version, from the top of the tree; empty while none is."""

    tried: str
    asked: str
    kept_by: str = ""


LEDGER, VOTING, AWARDS = "tests/apps/ledger", "tests/apps/voting", "tests/apps/awards"
SEAL = "tests/engine/seal"

NUMBERS: dict[str, Tried] = {
    "T1": Tried(
        "What the rules forbid is written straight into the database, past the application",
        "60 and more kinds, none admitted",
        f"{LEDGER}/test_forbidden_operations.py",
    ),
    "T2": Tried(
        "Each trigger, constraint and unique index is taken away in turn",
        "every loss noticed, in all rooms",
        f"{LEDGER}/test_every_seal_bites.py",
    ),
    "T3": Tried(
        "Random histories of the ledger beside a model of it",
        "2,000 histories of 50 steps, no difference",
        f"{LEDGER}/test_any_history_adds_up.py",
    ),
    "T4": Tried(
        "The process that writes is killed at a random moment (kill -9)",
        "1,000 kills a database: nothing acknowledged lost, doubled or half done",
        f"{LEDGER}/test_at_the_same_moment.py",
    ),
    "T5": Tried(
        "PostgreSQL itself is killed under load",
        "50 kills, nothing lost",
        f"{LEDGER}/test_a_server_that_was_killed_keeps_what_it_told.py",
    ),
    "T6": Tried(
        "Each statement and commit of every act with money or ballots fails in turn; the answer of "
        "each commit is lost",
        "nothing or all, and the same act asked again is done once",
        "tests/site/test_no_act_is_ever_half_done.py",
    ),
    "T7": Tried(
        "The disk fills up, and has room again",
        "nothing acknowledged lost, a clear page, goes on without repair",
        f"{LEDGER}/test_what_is_told_is_on_the_disk.py",
    ),
    "T8": Tried(
        "32 clients vote with the same codes at one moment",
        "500 codes, exactly 500 votes",
        f"{VOTING}/test_a_code_counts_once.py",
    ),
    "T9": Tried(
        "32 hands release one payment at one moment, and again after a restart",
        "one entry, one line in the payment file",
        f"{AWARDS}/test_many_hands_pay_once.py",
    ),
    "T10": Tried(
        "32 hands spend from one pot at one moment",
        "never below nothing, never more than the pot",
        f"{LEDGER}/test_at_the_same_moment.py",
    ),
    "T11": Tried(
        "The clock is moved back, forward, and over a change of hour",
        "no crash, the order stays",
        "tests/site/test_the_clock_decides_no_order.py",
    ),
    "T12": Tried(
        "One bit or byte is flipped, in published files and in the database",
        "10,000 flips, all found",
        f"{SEAL}/test_a_stranger_finds_what_is_wrong.py",
    ),
    "T13": Tried(
        "Two histories are shown to one witness, and to two who meet",
        "the second signature is refused, and the evidence is kept",
        f"{SEAL}/test_a_witness_is_not_deceived.py",
    ),
    "T14": Tried(
        "`verify.py` reads a large record with the standard library only",
        "100,000 entries in 5 s; 1,000,000 leaves in 15 s and 500 MB",
        f"{SEAL}/test_a_large_record_is_measured.py",
    ),
    "T15": Tried(
        "The two verifiers, Python and browser, read the same records",
        "1,000 records, one verdict",
        f"{SEAL}/test_two_checkers_agree.py",
    ),
    "T16": Tried(
        "A count is repeated from the published ballots",
        "the same, byte for byte",
        "tests/apps/rounds/test_the_count_can_be_repeated.py",
    ),
    "T17": Tried(
        "An attacker with the whole database tries to join ballots to voters after the seal",
        "1,000 ballots, no more than chance; no envelope in PostgreSQL's own log, once it was "
        "written over",
        f"{VOTING}/test_sealing_destroys_what_joins_a_ballot_to_a_voter.py",
    ),
    "T18": Tried(
        "Codes are guessed, through the web and from a stolen table",
        "100,000 guesses, 5 tries a code, no hit; 30 ms of work a guess",
        f"{VOTING}/test_a_code_is_guarded.py",
    ),
    "T19": Tried(
        "The machine is lost, and restored from its backup",
        "2 s of work lost at most; never signs a smaller record",
        "tests/site/test_only_what_is_kept_elsewhere_is_signed.py",
    ),
    "T20": Tried(
        "The read API is asked nonsense",
        "50,000 requests, no server error",
        "tests/apps/opendata/test_everything_public_can_be_downloaded.py",
    ),
    "T21": Tried(
        "Whatever reads files and typing is fed nonsense",
        "no crash, nothing unsafe let through",
        f"{LEDGER}/test_a_statement_is_read_whole_or_refused_whole.py",
    ),
    "T22": Tried(
        "Every address is asked by every role, and by those of another place",
        "no leak",
        "tests/site/test_nobody_reaches_into_another_place.py",
    ),
    "T23": Tried("Reading and voting under load", "see `./doorstep bench pages` and `vote`"),
    "T24": Tried("A vote night of two hours with restarts", "see `./doorstep bench vote`"),
    "T25": Tried(
        "Entries are written durably, one after another",
        "100 a second, 99 of 100 within 100 ms",
        f"{LEDGER}/test_what_is_told_is_on_the_disk.py",
    ),
    "T26": Tried(
        "Personal data is looked for in every raw byte after its date, and in every copy of the "
        "backup after its days; on PostgreSQL in its log and its messages too",
        "no hit, in the log once it was written over",
        "tests/site/test_what_was_erased_is_on_no_page.py",
    ),
    "T27": Tried(
        "Headers, cookies and answers of production; our own code, by bandit; libraries with known "
        "faults, by the advisories",
        "no finding open; where the advisories did not answer, that is told instead",
        "tests/site/test_production_is_locked_down.py",
    ),
    "T28": Tried(
        "Data of every release is brought up to this one",
        "the same record before and after",
        "tests/site/test_an_earlier_release_is_brought_up_to_this_one.py",
    ),
}
