import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('jam_key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('last_seq', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jam_key', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('rooms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('data', models.JSONField(default=dict)),
                ('html', models.TextField(blank=True)),
                ('html_room', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'ordering': ['jam_key', 'seq'],
                'constraints': [models.UniqueConstraint(fields=('jam_key', 'seq'), name='event_seq_once')],
            },
        ),
    ]
