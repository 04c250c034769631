import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rounds", "0004_terms")]

    operations = [
        migrations.CreateModel(
            name="Looks",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="looks",
                        serialize=False,
                        to="rounds.round",
                    ),
                ),
                ("times", models.BigIntegerField(default=0)),
            ],
        ),
    ]
