import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import moderation.models.log
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jam', '0001_initial'),
        ('threads', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('remind_before', models.PositiveSmallIntegerField(default=60, help_text='Minutes before it begins; 0: no reminder.')),
                ('remind_at', models.DateTimeField(blank=True, help_text='When a reminder is due; empty once it went.', null=True)),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('forums', models.ManyToManyField(blank=True, related_name='+', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='jam.member')),
                ('swap_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asked_for', to='moderation.shift')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['jam', 'starts_at'], name='shift_jam_time'), models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='shift_to_remind'), models.Index(condition=models.Q(('closed_at', None)), fields=['ends_at'], name='shift_to_close')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='ModerationPolicy',
            fields=[
                ('jam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='moderation_policy', serialize=False, to='jam.jam')),
                ('holding', models.CharField(choices=[('nobody', 'Nobody’s'), ('newcomers', 'Those of newcomers'), ('outsiders', 'Those of people from outside'), ('all', 'Everybody’s')], default='nobody', max_length=10)),
                ('newcomer_posts', models.PositiveSmallIntegerField(default=1)),
                ('newcomer_minutes', models.PositiveIntegerField(default=0)),
                ('flags_to_hide', models.PositiveSmallIntegerField(default=3)),
                ('flags_an_hour', models.PositiveSmallIntegerField(default=10)),
                ('catches_duplicates', models.BooleanField(default=True)),
                ('participant_posts_an_hour', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('guest_posts_an_hour', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('new_account_hours', models.PositiveSmallIntegerField(default=24)),
                ('new_account_posts_an_hour', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('words_refused', models.TextField(blank=True, max_length=20000)),
                ('words_held', models.TextField(blank=True, max_length=20000)),
                ('words_flagged', models.TextField(blank=True, max_length=20000)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'moderation policies',
            },
        ),
        migrations.CreateModel(
            name='HeldPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(max_length=20000)),
                ('html', models.TextField(blank=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('picked', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('request_key', models.CharField(blank=True, max_length=100, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a look'), ('let_in', 'Posted'), ('refused', 'Not posted')], default='waiting', max_length=10)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_posts', to='jam.member')),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='held_posts', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_posts', to='jam.jam')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='held_replies', to='threads.post')),
                ('post', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='held_as', to='threads.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('author', 'request_key'), name='held_request_once'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('author', 'digest'), name='held_text_once'), models.CheckConstraint(condition=models.Q(models.Q(('forum__isnull', False), ('parent', None)), models.Q(('forum', None), ('parent__isnull', False)), _connector='OR'), name='held_in_one_place')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('shift', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='journal', serialize=False, to='moderation.shift')),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('words', models.TextField(blank=True, max_length=20000)),
                ('html', models.TextField(blank=True, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('handed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('late_told_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('handed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('handed_by', None), models.Q(('handed_by', models.F('confirmed_by')), _negated=True), _connector='OR'), name='journal_read_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Slowdown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slowdowns_made', to='jam.member')),
                ('forum', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='slowdown', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slowdowns', to='jam.jam')),
                ('member', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='slowdown', to='jam.member')),
                ('thread', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='slowdown', to='threads.thread')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('forum', None), ('member__isnull', False), ('thread', None)), models.Q(('forum', None), ('member', None), ('thread__isnull', False)), models.Q(('forum__isnull', False), ('member', None), ('thread', None)), _connector='OR'), name='slowdown_of_one_thing'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='slowdown_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(blank=True, help_text='The page that a message was written from.', max_length=300)),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('held', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='moderation.heldpost')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='jam.member')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='threads.post')),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-last_at'], name='talk_member_time')],
                'constraints': [models.UniqueConstraint(fields=('member', 'post'), name='talk_of_a_post_once'), models.UniqueConstraint(fields=('member', 'held'), name='talk_of_a_held_post_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_staff', models.BooleanField()),
                ('words', models.TextField(max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='jam.member')),
                ('talk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='moderation.talk')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('post', 'A post'), ('held', 'A post that waits'), ('talk', 'A message')], max_length=10)),
                ('flag_count', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='jam.jam')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='threads.post')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_cases', to='jam.member')),
                ('held', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='moderation.heldpost')),
                ('talk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='moderation.talk')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['jam', 'opened_at', 'id'], name='case_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('post',), name='case_of_a_post_once'), models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('talk',), name='case_of_a_talk_once'), models.UniqueConstraint(fields=('held',), name='case_of_a_held_post_once'), models.CheckConstraint(condition=models.Q(models.Q(('held', None), ('kind', 'post'), ('post__isnull', False), ('talk', None)), models.Q(('held__isnull', False), ('kind', 'held'), ('post', None), ('talk', None)), models.Q(('held', None), ('kind', 'talk'), ('post', None), ('talk__isnull', False)), _connector='OR'), name='case_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('before', models.JSONField(blank=True, default=dict)),
                ('after', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='jam.member')),
                ('forum', moderation.models.log.LooseKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='actions', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='jam.jam')),
                ('post', moderation.models.log.LooseKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='actions', to='threads.post')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suffered', to='jam.member')),
                ('thread', moderation.models.log.LooseKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='actions', to='threads.thread')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['jam', '-id'], name='action_jam_time'), models.Index(condition=models.Q(('forum__isnull', False)), fields=['forum', '-id'], name='action_forum_time')],
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='fingerprints', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='fingerprint_age')],
                'constraints': [models.UniqueConstraint(fields=('member', 'digest'), name='fingerprint_once')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('abuse', 'It attacks or insults somebody'), ('spam', 'It sells something, or is spam'), ('off_topic', 'It does not belong here'), ('private', 'It says something private of somebody'), ('other', 'Something else')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('counts', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('open', 'Waits for a look'), ('upheld', 'Something was done'), ('dismissed', 'The post stays as it is')], default='open', max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='moderation.case')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='jam.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='threads.post')),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-at'], name='flag_member_time')],
                'constraints': [models.UniqueConstraint(fields=('post', 'member'), name='flag_once')],
            },
        ),
        migrations.CreateModel(
            name='Handling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('thread', 'A thread'), ('post', 'A post'), ('held', 'A post that waits for a look'), ('talk', 'A message to the facilitators')], max_length=10)),
                ('number', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handlings', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handlings', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', 'until'], name='handling_jam')],
                'constraints': [models.UniqueConstraint(fields=('what', 'number'), name='handling_once')],
            },
        ),
    ]
