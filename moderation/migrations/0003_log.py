"""The log of what was done: of every kind, about anything, and kept as it is written by the database itself."""

import django.db.models.deletion
import moderation.models.log
from django.db import migrations, models

# A rehearsal is thrown away with all that was in it, by who says so in that transaction; nothing else goes. Triggers do
# not fire for a superuser who sets session_replication_role; the site's own role needs to be none.
KEEP = """
CREATE FUNCTION moderation_keep_action() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_rehearsal boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('jam.erasing', true) = OLD.jam_id::text THEN
            SELECT jam.rehearsal_of_id IS NOT NULL INTO is_rehearsal FROM jam_jam AS jam WHERE jam.id = OLD.jam_id;
            IF is_rehearsal THEN
                RETURN OLD;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'The log of what was done is only added to.' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER moderation_action_kept BEFORE UPDATE OR DELETE ON moderation_action
    FOR EACH ROW EXECUTE FUNCTION moderation_keep_action();
CREATE TRIGGER moderation_actions_kept BEFORE TRUNCATE ON moderation_action
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_keep_action();
"""
LET_GO = """
DROP TRIGGER moderation_action_kept ON moderation_action;
DROP TRIGGER moderation_actions_kept ON moderation_action;
DROP FUNCTION moderation_keep_action();
"""


def loose(to: str) -> moderation.models.log.LooseKey:
    return moderation.models.log.LooseKey(related_name="actions", to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("jam", "0008_suspended_members"),
        ("moderation", "0002_handling"),
        ("threads", "0012_image_keys"),
    ]

    operations = [
        migrations.RenameField("action", "member", "by"),
        migrations.AlterField(
            "action",
            "by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="jam.member",
            ),
        ),
        migrations.AlterField(
            "action",
            "jam",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="jam.jam"),
        ),
        migrations.AlterField("action", "kind", models.CharField(max_length=40)),
        migrations.AlterField("action", "reason", models.CharField(blank=True, max_length=500)),
        migrations.AlterField("action", "post", loose("threads.post")),
        migrations.AddField("action", "thread", loose("threads.thread")),
        migrations.AddField("action", "forum", loose("jam.forum")),
        migrations.AddField(
            "action",
            "subject",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suffered",
                to="jam.member",
            ),
        ),
        migrations.AddField("action", "before", models.JSONField(blank=True, default=dict)),
        migrations.AddField("action", "after", models.JSONField(blank=True, default=dict)),
        migrations.AddIndex("action", models.Index(fields=["jam", "-at", "-id"], name="action_jam_time")),
        migrations.AddIndex(
            "action",
            models.Index(
                condition=models.Q(("forum__isnull", False)),
                fields=["forum", "-at", "-id"],
                name="action_forum_time",
            ),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
