from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "doorstep.apps.voting"
    label = "voting"
    verbose_name = "Voting"
