"""What one column cannot say: a forum, a member and a guest are of the same jam."""

from django.db import migrations

KEYS = [
    # table, name, columns, other table
    ("jam_announcement", "announcement_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_announcement", "announcement_by_same_jam", "jam_id, by_id", "jam_member"),
    ("jam_guesthour", "guest_hour_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_guesthour", "guest_hour_guest_same_jam", "jam_id, guest_id", "jam_member"),
    ("jam_poll", "poll_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_poll", "poll_by_same_jam", "jam_id, by_id", "jam_member"),
]


class Migration(migrations.Migration):
    # The threads floor gave the tables of forums and members the unique keys that are referred to.
    dependencies = [("jam", "0003_being_there"), ("threads", "0002_composite_keys")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
            f"REFERENCES {other} (jam_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, name, columns, other in KEYS
    ]
