"""The database itself keeps the log of what was done as it is written."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
