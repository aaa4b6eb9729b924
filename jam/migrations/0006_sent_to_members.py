from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("jam", "0005_pictures_and_withdrawing")]

    operations = [
        migrations.AddField(
            "announcement",
            "notified_at",
            models.DateTimeField(null=True, blank=True, help_text="When members were sent it."),
        ),
        migrations.AddField("guesthour", "notified_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddIndex(
            "announcement", models.Index(fields=["id"], condition=Q(notified_at=None), name="announcement_to_send")
        ),
        migrations.AddIndex("guesthour", models.Index(fields=["jam", "ends_at"], name="guest_hour_jam_end")),
        migrations.AddIndex(
            "guesthour",
            models.Index(fields=["starts_at"], condition=Q(notified_at=None), name="guest_hour_to_send"),
        ),
    ]
