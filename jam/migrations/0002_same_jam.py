"""What a model cannot say: a forum, a member and a guest are of the same jam; members are found by how a name begins."""

from django.db import migrations

REFERRED_TO = ["jam_forum", "jam_member"]
KEYS = [
    # table, name, columns, other table
    ("jam_announcement", "announcement_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_announcement", "announcement_by_same_jam", "jam_id, by_id", "jam_member"),
    ("jam_guesthour", "guest_hour_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_guesthour", "guest_hour_guest_same_jam", "jam_id, guest_id", "jam_member"),
    ("jam_poll", "poll_forum_same_jam", "jam_id, forum_id", "jam_forum"),
    ("jam_poll", "poll_by_same_jam", "jam_id, by_id", "jam_member"),
    ("jam_plannedpoll", "planned_poll_forum_same_jam", "jam_id, forum_id", "jam_forum"),
]


class Migration(migrations.Migration):
    dependencies = [("jam", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_jam_id_and_id UNIQUE (jam_id, id)",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_jam_id_and_id",
            )
            for table in REFERRED_TO
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
                f"REFERENCES {other} (jam_id, id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, columns, other in KEYS
        ),
        # In whatever case, and whatever the collation of the database.
        migrations.RunSQL(
            "CREATE INDEX member_name ON jam_member (jam_id, lower(name) text_pattern_ops)",
            "DROP INDEX member_name",
        ),
    ]
