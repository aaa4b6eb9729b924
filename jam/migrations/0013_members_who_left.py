from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jam", "0012_invitations_and_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="left_at",
            field=models.DateTimeField(
                blank=True, help_text="When they were taken out; they may join again.", null=True
            ),
        ),
    ]
