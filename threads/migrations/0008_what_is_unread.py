from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("threads", "0007_pictures_and_withdrawing")]

    operations = [
        migrations.AddField("visit", "caught_up_also", ArrayField(models.BigIntegerField(), blank=True, default=list)),
        migrations.AddField(
            "visit", "caught_up_also_before", ArrayField(models.BigIntegerField(), blank=True, default=list)
        ),
        migrations.AddIndex("thread", models.Index(fields=["forum", "-last_post_at", "-id"], name="thread_active")),
        migrations.AddIndex(
            "post",
            models.Index(
                fields=["thread", "id"],
                include=["author"],
                condition=models.Q(("status", "visible")),
                name="post_unseen",
            ),
        ),
    ]
