import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0001_initial'),
        ('threads', '0002_composite_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('share_key', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collections', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collections', to='jam.member')),
            ],
        ),
        migrations.CreateModel(
            name='CollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('position', models.PositiveIntegerField()),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='threads.collection')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collected', to='threads.post')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [
                    models.UniqueConstraint(fields=('collection', 'post'), name='collection_post_once'),
                    models.UniqueConstraint(deferrable=models.Deferrable['DEFERRED'], fields=('collection', 'position'), name='collection_place_once'),
                ],
            },
        ),
        # A collection is of somebody who is a member of its jam.
        migrations.RunSQL(
            "ALTER TABLE threads_collection ADD CONSTRAINT collection_member_same_jam FOREIGN KEY (jam_id, member_id) "
            "REFERENCES jam_member (jam_id, id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE threads_collection DROP CONSTRAINT collection_member_same_jam",
        ),
    ]
