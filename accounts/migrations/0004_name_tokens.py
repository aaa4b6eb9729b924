from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_suspended_people"),
        # accounts.domain.tokens asks its table whether somebody has a second factor.
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="name",
            field=models.CharField(blank=True, help_text="What it is for, in its owner's words.", max_length=80),
        ),
    ]
