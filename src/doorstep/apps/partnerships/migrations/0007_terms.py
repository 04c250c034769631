from django.db import migrations, models


def terms_go_on(apps, schema_editor):
    """A seat taken on the day on which its holder gave one up goes on with that one's term, but
    for whoever was chosen that day."""
    Membership = apps.get_model('partnerships', 'Membership')
    Candidate = apps.get_model('partnerships', 'Candidate')
    chosen = set(Candidate.objects.exclude(membership=None).values_list('membership_id', flat=True))
    last = {}
    for seat in Membership.objects.order_by('since', 'pk'):
        whose = (seat.partnership_id, seat.account_id)
        until, term_since = last.get(whose, (None, None))
        goes_on = until == seat.since and seat.pk not in chosen
        seat.term_since = term_since if goes_on else seat.since
        seat.save(update_fields=['term_since'])
        last[whose] = (seat.until, seat.term_since)


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0006_starting'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='term_since',
            field=models.DateField(null=True),
        ),
        migrations.RunPython(terms_go_on, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='membership',
            name='term_since',
            field=models.DateField(),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('term_since__lte', models.F('since'))), name='membership_term_begins_first'),
        ),
    ]
