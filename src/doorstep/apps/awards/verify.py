"""Re-checks awards: each has its decision, its money, and its place among the winners."""

from collections.abc import Iterator

from doorstep.apps.awards.models import Award
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.queries import entry_lines
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.rounds.models import Round, RoundState


def verify_awards() -> Iterator[Finding]:
    """Every fault in every award, as a sentence and where it stands."""
    for award in Award.objects.select_related(
        "place", "title", "project__round", "project__name", "decision", "made", "commitment"
    ).order_by("pk"):
        yield from (Finding(f"Award {award.slug}", fault) for fault in _faults(award))
    made = set(Award.objects.values_list("made_id", flat=True))
    for leaf in Leaf.objects.filter(log="public", kind="award.made").order_by("idx"):
        if leaf.pk not in made:
            yield Finding(f"Leaf {leaf.idx} of the public log", "the award it made is gone.")
    settled = Round.objects.filter(state=RoundState.SETTLED).select_related("result")
    for round_ in settled.order_by("pk"):
        winners = set(round_.result.as_json["winners"])
        awarded = set(
            Award.objects.filter(project__round=round_).values_list("project__code", flat=True)
        )
        if winners != awarded:
            yield Finding(f"Round {round_.slug}", "its awards are not its winners.")


def _faults(award: Award) -> Iterator[str]:
    promised = accounts.committed(award.place.slug, award.slug, example=award.is_example)
    lines = entry_lines(award.commitment)
    if [(credit, pence) for _debit, credit, pence in lines] != [(promised, award.pence)]:
        yield "the ledger committed another sum than it was awarded."
    said = body_of(award.made) or {}
    stands = {
        "award": award.slug,
        "place": award.place.slug,
        "project": award.project.code if award.project else None,
        "title": award.title.commitment,
        "pence": award.pence,
        "decision": award.decision.idx,
        **({"award_kind": award.kind} if "award_kind" in said or award.kind != "project" else {}),
    }
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"its line in the record says another {', '.join(wrong)}."
    if award.project is None:
        return
    if award.project.name_id != award.title_id:
        yield "its title is not the name of the idea that was chosen."
    if award.project.cost_pence != award.pence:
        yield "it was awarded another sum than its idea asked for."
    if award.decision_id != award.project.round.counted_id:
        yield "it points to another decision than the count that chose it."
