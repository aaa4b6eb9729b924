import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jam', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_at', models.DateTimeField()),
                ('counts', models.JSONField(default=dict)),
                ('summary', models.JSONField(default=dict)),
                ('claimed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to='jam.jam')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jam', 'closed_at'), name='closing_once')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='results.closing')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='jam.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('closing', 'member'), name='digest_once')],
            },
        ),
    ]
