"""What stands on an invoice is no business of the public: of a person who is paid back it may name
them, their shop and their day. The award's page never shows it, so the record's pages do not."""

from doorstep.apps.awards.models import Payment
from doorstep.apps.record.queries import hides


@hides
def words_of_invoices(commitments: set[str]) -> set[str]:
    """Which of these are words of an invoice; one statement."""
    named = Payment.objects.filter(invoice__commitment__in=commitments)
    return set(named.values_list("invoice__commitment", flat=True))
