"""The vouchers that the seed drew, with all that it takes to draw them again."""

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Payment
from doorstep.apps.awards.queries.sampling import Sampled, last_day, vouchers_of
from doorstep.apps.people.spells import said_day
from doorstep.site.assurance.values import Cell, Pack, Part, Pence
from doorstep.site.words import money


def vouchers(found: Pack) -> Part:
    """The vouchers that the seed drew, or why there are none yet."""
    sample = found.sample
    return Part(
        "vouchers",
        _("Vouchers to look at"),
        found.query("vouchers"),
        [_("Payment"), _("Sum"), _("Drawn because"), _("Receipts shown"), _("Award")],
        _drawn(found),
        _why_none(found),
        [
            _(
                "Monetary unit sampling with a fixed interval (ISA (UK) 530, appendices 1 and 4): "
                "each penny that was sent has the same chance, so a large payment is seldom missed "
                "and one of at least the interval never. The order and the start come from a seed."
            ),
            *_seed_words(found, sample),
        ],
    )


def _drawn(found: Pack) -> list[tuple[Cell, ...]]:
    if found.sample.draw is None:
        return []
    names = [one.voucher.name for one in found.sample.draw.picked]
    payments = {
        one.slug: one
        for one in Payment.objects.filter(slug__in=names)
        .select_related("award")
        .prefetch_related("receipts")
    }
    return [
        (
            one.voucher.name,
            Pence(one.voucher.pence),
            _("as large as the interval") if one.certain else _("the seed fell on it"),
            Pence(sum(r.pence for r in payments[one.voucher.name].receipts.all() if r.shown_id)),
            payments[one.voucher.name].award.slug,
        )
        for one in found.sample.draw.picked
    ]


def _why_none(found: Pack) -> str:
    if found.made_on <= last_day(found.year):
        return _("The vouchers are drawn once the year is over, after %(day)s.") % {
            "day": said_day(last_day(found.year))
        }
    if found.sample.fixed is None:
        return _(
            "No seed was fixed before this year closed, so no sample stands: one that is fixed "
            "afterwards could be chosen to suit somebody."
        )
    return _("Nothing was paid in this year, so there is nothing to draw.")


def _seed_words(found: Pack, sample: Sampled) -> list[str]:
    said = []
    if sample.fixed is not None:
        said.append(
            _("The seed was fixed on %(day)s, in line %(line)s of the record.")
            % {
                "day": said_day(timezone.localdate(sample.fixed.recorded_at)),
                "line": f"{sample.fixed.idx:,}",
            }
        )
    if sample.draw is not None and sample.closed is not None:
        said.append(
            _(
                "Its other half is line %(line)s, the last of the year. Seed: %(seed)s. "
                "%(drawn)s of %(all)s payments were drawn, %(sum)s of %(whole)s; the interval is "
                "%(interval)s."
            )
            % {
                "line": f"{sample.closed.idx:,}",
                "seed": sample.seed,
                "drawn": f"{len(sample.draw.picked):,}",
                "all": f"{sample.draw.vouchers:,}",
                "sum": money(sample.draw.pence),
                "whole": money(sample.draw.total),
                "interval": money(sample.draw.interval),
            }
        )
    elif found.made_on <= last_day(found.year):
        there = vouchers_of(found.place, found.year)
        said.append(
            _("So far %(all)s payments were sent in this year, %(sum)s together.")
            % {"all": f"{len(there):,}", "sum": money(sum(one.pence for one in there))}
        )
    return said
