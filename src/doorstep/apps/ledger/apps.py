from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "doorstep.apps.ledger"
    label = "ledger"
    verbose_name = "The ledger"
