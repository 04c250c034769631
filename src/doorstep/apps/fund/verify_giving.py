"""Re-checks reviews, releases, programmes, waves and draw-downs: record against ledger."""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256

from doorstep.apps.fund import accounts, flows, rules
from doorstep.apps.fund.models import DrawDown, Programme, Release, Review, Scenario, Wave
from doorstep.apps.fund.verify_asking import verify_asking
from doorstep.apps.ledger.models import Journal
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.engine.rulebook import rule


def verify_giving() -> Iterator[Finding]:
    """Every fault, as a sentence and where it stands."""
    yield from _reviews()
    yield from _releases()
    yield from _programmes()
    yield from _waves()
    yield from _draw_downs()
    yield from _scenarios()
    yield from verify_asking()


def _reviews() -> Iterator[Finding]:
    seen = set()
    for review in Review.objects.select_related("fund", "leaf"):
        seen.add(review.leaf_id)
        said = body_of(review.leaf) or {}
        told = [said.get(name) for name in ("fund", "asset_class", "expected", "on")]
        stands = [
            review.fund.slug, review.asset_class, review.expected_pence,
            review.reviewed_on.isoformat(),
        ]  # fmt: skip
        if told != stands:
            yield Finding(f"Review {review.pk}", "the leaf that made it says another thing.")
    for leaf in Leaf.objects.filter(log="public", kind="fund.reserve_reviewed").exclude(
        pk__in=seen
    ):
        yield Finding(f"Leaf {leaf.idx} of the public log", "the review that it tells is gone.")


def _releases() -> Iterator[Finding]:
    for one in Release.objects.select_related("fund", "review", "journal__leaf"):
        where = f"Release of entry {one.journal_id}"
        day = one.journal.effective_on
        lines = [
            list(line) for line in flows.release_lines(one.fund, one.asset_class, one.pence, day)
        ]
        if _said(one.journal) != ("fund.released", lines):
            yield Finding(where, "its entry in the ledger moved other money than it says.")
        margin = int(rule("fund.reserve_margin", day).value)
        required = rules.required_reserve(one.review.expected_pence, margin)
        if one.required_pence != required or one.left_pence < required:
            yield Finding(where, "it left less in the reserve than its review asks for.")
    yield from _alone("fund.released", set(Release.objects.values_list("journal_id", flat=True)))


def _programmes() -> Iterator[Finding]:
    seen = set()
    for one in Programme.objects.select_related("fund", "leaf"):
        seen.add(one.leaf_id)
        said = body_of(one.leaf) or {}
        if [said.get("fund"), said.get("programme")] != [one.fund.slug, one.slug]:
            yield Finding(f"Programme {one.slug}", "the leaf that opened it says another.")
    for leaf in Leaf.objects.filter(log="public", kind="fund.programme_opened").exclude(
        pk__in=seen
    ):
        yield Finding(f"Leaf {leaf.idx} of the public log", "the programme it opened is gone.")


def _waves() -> Iterator[Finding]:
    for wave in Wave.objects.select_related("programme__fund", "journal__leaf"):
        fund, programme = wave.programme.fund.slug, wave.programme.slug
        where = f"Wave {wave.slug} of {programme}"
        line = [
            accounts.programme(fund, programme), accounts.wave(fund, f"{programme}-{wave.slug}"),
            wave.pence,
        ]  # fmt: skip
        if _said(wave.journal) != ("fund.wave_promised", [line]):
            yield Finding(where, "its entry in the ledger moved other money than it says.")
        shares = list(wave.shares.select_related("allocation"))
        if sum(one.allocation.pence for one in shares) != wave.pence:
            yield Finding(where, "its shares do not come to what it promised.")
        for one in shares:
            if one.yearly and sum(one.yearly) != one.allocation.pence:
                yield Finding(where, "the years of a share do not come to it.")
    yield from _alone("fund.wave_promised", set(Wave.objects.values_list("journal_id", flat=True)))


def _draw_downs() -> Iterator[Finding]:
    drawn: dict[int, int] = defaultdict(int)
    taken_back = set(
        Journal.objects.filter(reverses__kind="fund.drawn_down").values_list("reverses", flat=True)
    )
    rows = DrawDown.objects.select_related(
        "share__allocation__fund", "share__allocation__place", "journal__leaf"
    )
    for one in rows.order_by("pk"):
        where = f"Draw-down of entry {one.journal_id}"
        allocation = one.share.allocation
        place = allocation.place.slug
        line = [accounts.due(allocation.fund.slug, place), accounts.available(place), one.pence]
        if _said(one.journal) != ("fund.drawn_down", [line]):
            yield Finding(where, "its entry in the ledger moved other money than it says.")
        if one.journal_id not in taken_back:
            drawn[one.share_id] += one.pence
        due = rules.due_so_far(one.share.yearly, allocation.begins_on, one.drawn_on)
        if drawn[one.share_id] > due or one.drawn_on > allocation.ends_on:
            yield Finding(where, "it drew what had not fallen due.")
    yield from _alone("fund.drawn_down", set(DrawDown.objects.values_list("journal_id", flat=True)))


def _scenarios() -> Iterator[Finding]:
    for one in Scenario.objects.select_related("fund", "leaf"):
        said = body_of(one.leaf) or {}
        digest = sha256(one.text.encode()).hexdigest()
        if [said.get("fund"), said.get("sha256")] != [one.fund.slug, digest]:
            yield Finding(f"Scenario {one.pk}", "the record keeps another text.")


def _said(journal: Journal) -> tuple[object, object]:
    body = body_of(journal.leaf) or {}
    return body.get("entry"), body.get("lines")


def _alone(kind: str, seen: set[int]) -> Iterator[Finding]:
    for seq in Journal.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True):
        if seq not in seen:
            yield Finding(f"Entry {seq}", "the ledger moved its money, but its row is gone.")
