"""What one column cannot say: a parent is in the same thread, a forum and an author are of the same jam."""

from django.db import migrations

REFERRED_TO = [
    # table, columns
    ("threads_thread", "jam_id, id"),
    ("threads_post", "thread_id, id"),
]
KEYS = [
    # table, name, columns, other table, its columns
    ("threads_thread", "thread_forum_same_jam", "jam_id, forum_id", "jam_forum", "jam_id, id"),
    ("threads_post", "post_thread_same_jam", "jam_id, thread_id", "threads_thread", "jam_id, id"),
    ("threads_post", "post_author_same_jam", "jam_id, author_id", "jam_member", "jam_id, id"),
    ("threads_post", "post_parent_same_thread", "thread_id, parent_id", "threads_post", "thread_id, id"),
    ("threads_draft", "draft_member_same_jam", "jam_id, member_id", "jam_member", "jam_id, id"),
    ("threads_collection", "collection_member_same_jam", "jam_id, member_id", "jam_member", "jam_id, id"),
]


def unique(table: str, columns: str) -> str:
    return f"{table}_{columns.split(',')[0]}_and_id"


class Migration(migrations.Migration):
    dependencies = [("jam", "0002_same_jam"), ("threads", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {unique(table, columns)} UNIQUE ({columns})",
                f"ALTER TABLE {table} DROP CONSTRAINT {unique(table, columns)}",
            )
            for table, columns in REFERRED_TO
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
                f"REFERENCES {other} ({other_columns}) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, columns, other, other_columns in KEYS
        ),
    ]
