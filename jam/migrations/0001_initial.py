import accounts.models
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import jam.models.jams
import jam.models.setup
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Jam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('question', models.TextField(blank=True, max_length=5000)),
                ('question_html', models.TextField(blank=True, editable=False)),
                ('language', models.CharField(default='en', max_length=12)),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.validate_time_zone])),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('reading_until', models.DateTimeField(blank=True, null=True)),
                ('review_until', models.DateTimeField(blank=True, null=True)),
                ('voting', models.CharField(choices=[('agree-disagree', 'Agree, pass or disagree'), ('upvote', 'Upvote only')], default='agree-disagree', max_length=20)),
                ('door', models.CharField(choices=[('account', 'Anyone with an account here'), ('domains', 'Anyone with an address of the organisation'), ('invitation', 'Only people who were invited'), ('request', 'Anyone may ask, and who runs the jam decides'), ('sso', 'Only who signs in with the organisation’s single sign-on')], default='invitation', max_length=20)),
                ('accent', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write a colour as #rrggbb.')])),
                ('home_domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text='Mail domains of the organisation: whose address is in one of them is inside.', size=None)),
                ('edit_minutes', models.PositiveSmallIntegerField(default=15, help_text='How long after it was posted its author can change a post; 0: not at all.')),
                ('rules_version', models.PositiveIntegerField(default=0, help_text='Of the newest `Rules`; 0: the jam has none.')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1, help_text='Counts changes, so that a stale form is found out.')),
                ('rehearsal_of', models.ForeignKey(blank=True, help_text='The jam that this one is a private copy of, to be tried out and thrown away.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='jam.jam')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='jam_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('reading_until__isnull', True), ('reading_until__gte', models.F('closes_at')), _connector='OR'), name='jam_reading_ends_after_the_close'), models.CheckConstraint(condition=models.Q(('review_until__isnull', True), models.Q(('reading_until__isnull', False), ('review_until__gte', models.F('reading_until'))), _connector='OR'), name='jam_review_ends_after_reading'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('closes_at__isnull', False), ('opens_at__isnull', False)), _connector='OR'), name='jam_published_has_a_window')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('jam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='policy', serialize=False, to='jam.jam')),
                ('naming', models.CharField(choices=[('real', 'Real names, with their organisation'), ('pseudonym', 'Pseudonyms'), ('anonymous', 'Anonymous; admins can trace a name'), ('untraceable', 'Anonymous to everybody')], default='real', max_length=20)),
                ('on_deletion', models.CharField(choices=[('keep', 'They stay, under “a former jammer”'), ('remove', 'They are removed')], default='keep', max_length=20)),
                ('required_second_factor', models.BooleanField(default=False, help_text='Of who administers the jam.')),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text="Empty: those of the jam's organisation.", size=None)),
                ('sso_providers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
                ('sending_paused_at', models.DateTimeField(blank=True, help_text='Of invitations, by who runs the jam.', null=True)),
                ('unlinked_at', models.DateTimeField(blank=True, help_text='When the members of an untraceable jam were parted from their accounts.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Forum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('question', models.TextField(blank=True, max_length=5000)),
                ('question_html', models.TextField(blank=True, editable=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('thread_count', models.PositiveIntegerField(default=0)),
                ('post_count', models.PositiveIntegerField(default=0)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forums', to='jam.jam')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('jam', 'key'), name='forum_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('posts', models.PositiveIntegerField(default=0)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activity', to='jam.jam')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jam', 'at'), name='activity_once')],
            },
        ),
        migrations.CreateModel(
            name='LookPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('logo', 'Logo'), ('cover', 'Cover')], max_length=10)),
                ('key', models.CharField(default=jam.models.setup.new_picture_key, max_length=40, unique=True)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('alt', models.CharField(blank=True, max_length=300)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='look_pictures', to='jam.jam')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jam', 'kind'), name='look_picture_one_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=100)),
                ('name', models.CharField(max_length=120)),
                ('affiliation', models.CharField(blank=True, max_length=120)),
                ('about', models.TextField(blank=True, max_length=500)),
                ('outside', models.BooleanField(blank=True, null=True)),
                ('role', models.CharField(choices=[('participant', 'Participant'), ('guest', 'Guest'), ('facilitator', 'Facilitator'), ('observer', 'Observer'), ('admin', 'Admin')], default='participant', max_length=20)),
                ('alias', models.CharField(blank=True, editable=False, max_length=120, null=True)),
                ('rules_accepted', models.PositiveIntegerField(default=0)),
                ('rules_accepted_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, help_text='When they were taken out; they may join again.', null=True)),
                ('suspended_at', models.DateTimeField(blank=True, null=True)),
                ('suspended_until', models.DateTimeField(blank=True, help_text='Empty: for good.', null=True)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='jam.jam')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jam', 'person'), name='member_once'), models.UniqueConstraint(fields=('jam', 'alias'), name='member_alias_once'), models.UniqueConstraint(fields=('jam', 'key'), name='member_key_once'), models.CheckConstraint(condition=models.Q(('suspended_until', None), ('suspended_at__isnull', False), _connector='OR'), name='member_suspension_has_a_start')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=1000)),
                ('invited_as', models.CharField(blank=True, max_length=254)),
                ('times', models.PositiveSmallIntegerField(default=1)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.CharField(blank=True, choices=[('', 'Nobody decided yet'), ('approved', 'Approved'), ('declined', 'Declined')], default='', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('told_at', models.DateTimeField(blank=True, help_text='When they were sent the decision.', null=True)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='jam.jam')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decision', '')), fields=['jam', 'id'], name='join_request_open'), models.Index(condition=models.Q(('told_at', None), models.Q(('decision', ''), _negated=True)), fields=['id'], name='join_request_to_tell')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'person'), name='join_request_once')],
            },
        ),
        migrations.CreateModel(
            name='InvitationList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('role', models.CharField(choices=[('participant', 'Participant'), ('guest', 'Guest'), ('facilitator', 'Facilitator'), ('observer', 'Observer'), ('admin', 'Admin')], default='participant', max_length=20)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('expires_at', models.DateTimeField(blank=True, help_text="Empty: the jam's close.", null=True)),
                ('content', models.BinaryField(default=bytes)),
                ('encoding', models.CharField(blank=True, max_length=20)),
                ('columns', models.JSONField(default=dict, editable=False)),
                ('delimiter', models.CharField(default=',', editable=False, max_length=1)),
                ('position', models.PositiveIntegerField(default=0)),
                ('row_count', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict, editable=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('send_at', models.DateTimeField(blank=True, help_text='When somebody pressed “Send”.', null=True)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_lists', to='jam.jam')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitation_lists', to='jam.member')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['id'], name='invitation_list_to_read')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=40, unique=True)),
                ('email', models.CharField(max_length=254)),
                ('number', models.PositiveIntegerField(default=0, help_text='Of its row in the list.')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('affiliation', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('participant', 'Participant'), ('guest', 'Guest'), ('facilitator', 'Facilitator'), ('observer', 'Observer'), ('admin', 'Admin')], default='participant', max_length=20)),
                ('expires_at', models.DateTimeField(blank=True, help_text="Empty: the jam's close.", null=True)),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('mail_due_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='jam.invitationlist')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='jam.jam')),
                ('member', models.ForeignKey(blank=True, help_text='Who joined by it; empty where nobody is to find out.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', 'id'], name='invitation_jam'), models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at', 'id'], name='invitation_due')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'email'), name='invitation_once')],
            },
        ),
        migrations.CreateModel(
            name='GuestHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=500)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('alerted_at', models.DateTimeField(blank=True, null=True)),
                ('notified_at', models.DateTimeField(blank=True, null=True)),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='guest_hours', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guest_hours', to='jam.jam')),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guest_hours', to='jam.member')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['jam', 'ends_at'], name='guest_hour_jam_end'), models.Index(condition=models.Q(('alerted_at', None)), fields=['starts_at'], name='guest_hour_to_tell'), models.Index(condition=models.Q(('notified_at', None)), fields=['starts_at'], name='guest_hour_to_send')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='guest_hour_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='FeedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feed_key', to='jam.member')),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='jam.forum')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='jam.member')),
            ],
            options={
                'verbose_name_plural': 'duties',
                'constraints': [models.UniqueConstraint(fields=('member', 'forum'), name='duty_once')],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=500)),
                ('html', models.TextField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('notified_at', models.DateTimeField(blank=True, help_text='When members were sent it.', null=True)),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='jam.jam')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', '-created_at', '-id'], name='announcement_jam_new'), models.Index(condition=models.Q(('notified_at', None)), fields=['id'], name='announcement_to_send')],
            },
        ),
        migrations.CreateModel(
            name='OpeningPrompt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField(max_length=20000)),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('forum', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='opening_prompt', to='jam.forum')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('posted_at', None)), fields=['forum'], name='prompt_to_post')],
            },
        ),
        migrations.CreateModel(
            name='PlannedPoll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=300)),
                ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ('multiple', models.BooleanField(default=False)),
                ('results', models.CharField(choices=[('always', 'To everybody, while it runs'), ('after-vote', 'To those who have voted, and to everybody when it is closed')], default='always', max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='planned_polls', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_polls', to='jam.jam')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('begun_at', None)), fields=['starts_at'], name='planned_poll_to_begin')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='planned_poll_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=100)),
                ('question', models.CharField(max_length=300)),
                ('multiple', models.BooleanField(default=False)),
                ('results', models.CharField(choices=[('always', 'To everybody, while it runs'), ('after-vote', 'To those who have voted, and to everybody when it is closed')], default='always', max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('voter_count', models.PositiveIntegerField(default=0)),
                ('is_untold', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='polls', to='jam.member')),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='polls', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='polls', to='jam.jam')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', '-created_at', '-id'], name='poll_jam_new'), models.Index(condition=models.Q(('is_untold', True)), fields=['id'], name='poll_to_tell')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'key'), name='poll_key_once')],
            },
        ),
        migrations.CreateModel(
            name='PollChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='jam.poll')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('poll', 'position'), name='poll_choice_place_once')],
            },
        ),
        migrations.CreateModel(
            name='PollVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cast_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('choice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='jam.pollchoice')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='poll_votes', to='jam.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('choice', 'member'), name='poll_vote_once')],
            },
        ),
        migrations.CreateModel(
            name='ReminderTimes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before_opening', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), blank=True, default=list, size=None)),
                ('before_close', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), blank=True, default=list, size=None)),
                ('jam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_times', to='jam.jam')),
            ],
        ),
        migrations.CreateModel(
            name='Rules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(max_length=20000)),
                ('html', models.TextField(editable=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='jam.jam')),
            ],
            options={
                'verbose_name_plural': 'rules',
                'constraints': [models.UniqueConstraint(fields=('jam', 'version'), name='rules_version_once')],
            },
        ),
        migrations.CreateModel(
            name='SharedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=40, unique=True)),
                ('words', models.CharField(blank=True, max_length=120)),
                ('most', models.PositiveIntegerField(blank=True, null=True)),
                ('joined_count', models.PositiveIntegerField(default=0)),
                ('expires_at', models.DateTimeField(blank=True, help_text="Empty: the jam's close.", null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shared_links', to='jam.member')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared_links', to='jam.jam')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('most', None), ('joined_count__lte', models.F('most')), _connector='OR'), name='shared_link_not_over_full')],
            },
        ),
        migrations.CreateModel(
            name='InvitationRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Of its first line in what was sent, from 1.')),
                ('address', models.CharField(blank=True, max_length=320)),
                ('verdict', models.CharField(choices=[('new', 'Invited'), ('odd', 'Invited, and looks unusual'), ('invited', 'Invited before'), ('member', 'A member already'), ('duplicate', 'Twice in this list'), ('not-an-address', 'Not an address'), ('role', 'Role that cannot be given'), ('columns', 'Wrong number of columns'), ('empty', 'Empty')], max_length=20)),
                ('detail', models.CharField(blank=True, max_length=120)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='jam.invitationlist')),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(fields=['list', 'verdict', 'number'], name='invitation_row_verdict')],
                'constraints': [models.UniqueConstraint(fields=('list', 'number'), name='invitation_row_once')],
            },
        ),
    ]
