"""What stands on an invoice is no business of the public: of a person who is paid back it may name
them, their shop and their day. The award's page never shows it, so the record's pages do not."""

from django.db.models import OuterRef, QuerySet

from doorstep.apps.awards.models import Payment
from doorstep.apps.record.queries import hides


@hides
def payments_with_invoices() -> QuerySet[Payment]:
    return Payment.objects.filter(invoice=OuterRef("pk"))
