from django.db import migrations


class Migration(migrations.Migration):
    """Members are found by their name, and by how it begins, in whatever case and whatever the collation."""

    dependencies = [("jam", "0006_sent_to_members")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX member_name ON jam_member (jam_id, lower(name) text_pattern_ops)",
            reverse_sql="DROP INDEX member_name",
        )
    ]
