from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_log_heads"),
        ("rounds", "0009_recounts"),
        ("voting", "0002_trustees_and_paper"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="poll", name="poll_state_has_its_leaves"),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ending", None), ("opening", None), ("state__in", ["prepared", "sealed"])
                    ),
                    models.Q(
                        ("ending", None),
                        ("opening__gt", 0),
                        ("padded_to__gt", 0),
                        ("public_key__isnull", False),
                        ("state", "open"),
                    ),
                    models.Q(
                        ("ending__gt", 0),
                        ("opening__gt", 0),
                        ("padded_to__gt", 0),
                        ("public_key__isnull", False),
                        ("state__in", ["ended", "opened", "sealed"]),
                    ),
                    _connector="OR",
                ),
                name="poll_state_has_its_leaves",
            ),
        ),
    ]
