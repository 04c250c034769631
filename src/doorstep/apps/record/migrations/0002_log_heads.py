from django.db import migrations


def begin(apps, schema_editor):
    """Both logs start empty, at the link of 32 zero bytes."""
    heads = apps.get_model("record", "LogHead").objects.using(schema_editor.connection.alias)
    for log in ("public", "audit"):
        heads.create(log=log, size=0, chain=bytes(32))


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
