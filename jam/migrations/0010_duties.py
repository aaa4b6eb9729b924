import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jam", "0009_doors_names_and_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="jam.forum"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="jam.member"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "constraints": [models.UniqueConstraint(fields=("member", "forum"), name="duty_once")],
            },
        ),
    ]
