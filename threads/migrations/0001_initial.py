import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import jam.models.jams
import threads.models.writing
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jam', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('jam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='telling', serialize=False, to='jam.jam')),
                ('seq', models.BigIntegerField(default=0)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
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
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=threads.models.writing.new_image_key, max_length=40)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('alt', models.CharField(blank=True, max_length=500)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField(help_text='In bytes.')),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='jam.member')),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='image_age')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'key'), name='image_key_once'), models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('member', 'digest'), name='image_once_a_member')],
            },
        ),
        migrations.CreateModel(
            name='TagCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(max_length=40)),
                ('count', models.IntegerField()),
                ('forum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='jam.jam')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', 'forum', '-count', 'tag'], name='tag_count_most')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'forum', 'tag'), name='tag_count_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('idea_count', models.PositiveIntegerField()),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='jam.jam')),
                ('named_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
            ],
            options={
                'ordering': ['-idea_count', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ThemeSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('idea_count', models.PositiveIntegerField(default=0)),
                ('jam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='theme_search', to='jam.jam')),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, help_text='When the visit before this one ended.', null=True)),
                ('caught_up_to', models.BigIntegerField(default=0)),
                ('caught_up_also', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('caught_up_before', models.BigIntegerField(blank=True, null=True)),
                ('caught_up_also_before', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='visit', to='jam.member')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=40)),
                ('subject', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('tags', models.TextField(blank=True)),
                ('late', models.BooleanField(default=False)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='jam.jam')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='jam.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'place'), name='draft_one_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=jam.models.jams.new_key, max_length=100)),
                ('path', models.TextField(db_collation='C')),
                ('depth', models.PositiveSmallIntegerField(default=0)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True, max_length=20000)),
                ('html', models.TextField(blank=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('status', models.CharField(choices=[('visible', 'Visible'), ('hidden', 'Hidden'), ('withdrawn', 'Withdrawn')], default='visible', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('agree_count', models.PositiveIntegerField(default=0)),
                ('pass_count', models.PositiveIntegerField(default=0)),
                ('disagree_count', models.PositiveIntegerField(default=0)),
                ('request_key', models.CharField(blank=True, max_length=100, null=True)),
                ('is_prompt', models.BooleanField(default=False, help_text='Who runs the jam asks its thread something.')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='jam.member')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='jam.jam')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='threads.post')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', '-created_at', '-id'], name='post_jam_new'), models.Index(fields=['author', '-created_at'], name='post_author_time'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('parent', None)), fields=['tags'], name='post_idea_tags')],
                'constraints': [models.UniqueConstraint(fields=('jam', 'key'), name='post_key_once'), models.UniqueConstraint(fields=('author', 'request_key'), name='post_request_once'), models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('parent', None)), models.Q(('depth__gt', 0), ('parent__isnull', False)), _connector='OR'), name='post_depth_fits_parent'), models.CheckConstraint(condition=models.Q(('path', ''), _negated=True), name='post_path_not_blank')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='threads.post')),
                ('config', models.CharField(max_length=20)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='search_document_words')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentioned_in', to='jam.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='threads.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'member'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Highlight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('emerging', 'Emerging'), ('best', 'Best')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='highlights', to='jam.member')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='highlights', to='jam.jam')),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='highlight', to='threads.post')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', '-at', '-id'], name='highlight_jam_new')],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to='jam.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to='threads.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'member'), name='favourite_once')],
            },
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
                'constraints': [models.UniqueConstraint(fields=('collection', 'post'), name='collection_post_once'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('collection', 'position'), name='collection_place_once')],
            },
        ),
        migrations.CreateModel(
            name='PostImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='shown_in', to='threads.image')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shown_images', to='threads.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'image'), name='post_image_once')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True, max_length=20000)),
                ('html', models.TextField(blank=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='jam.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='threads.post')),
            ],
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('last_post_at', models.DateTimeField()),
                ('reply_count', models.PositiveIntegerField(default=0)),
                ('heat', models.FloatField(default=0)),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When its heat was last written.')),
                ('shown_count', models.PositiveIntegerField(default=0, help_text='To how many people its idea was shown in a list.')),
                ('agree_count', models.PositiveIntegerField(default=0, help_text='Of its idea, for the order called top.')),
                ('disagree_count', models.PositiveIntegerField(default=0, help_text='Of its idea, for the order called top.')),
                ('locked_at', models.DateTimeField(blank=True, help_text='Since when it takes no new posts.', null=True)),
                ('pinned_at', models.DateTimeField(blank=True, help_text='Since when it stands first in its forum.', null=True)),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='threads', to='jam.jam')),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.member')),
                ('moved_to', models.ForeignKey(blank=True, help_text='What its idea became: nothing stands here any more, and old links lead there.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.post')),
            ],
            options={
                'indexes': [models.Index(fields=['forum', '-heat', '-id'], name='thread_hot'), models.Index(fields=['forum', '-created_at', '-id'], name='thread_new'), models.Index(fields=['forum', '-counted_at'], name='thread_counted'), models.Index(fields=['jam', '-heat', '-id'], name='thread_jam_hot'), models.Index(fields=['jam', '-created_at', '-id'], name='thread_jam_new'), models.Index(fields=['forum', '-agree_count', 'disagree_count', '-id'], name='thread_top'), models.Index(fields=['jam', '-agree_count', 'disagree_count', '-id'], name='thread_jam_top'), models.Index(condition=models.Q(('reply_count', 0)), fields=['forum', 'created_at', 'id'], name='thread_waits'), models.Index(condition=models.Q(('reply_count', 0)), fields=['jam', 'created_at', 'id'], name='thread_jam_waits'), models.Index(condition=models.Q(('shown_count__lt', 20)), fields=['forum', 'id'], name='thread_unshown'), models.Index(condition=models.Q(('shown_count__lt', 20)), fields=['jam', 'id'], name='thread_jam_unshown'), models.Index(fields=['forum', '-last_post_at', '-id'], name='thread_active'), models.Index(condition=models.Q(('pinned_at__isnull', False)), fields=['forum', '-pinned_at'], name='thread_pinned')],
            },
        ),
        migrations.CreateModel(
            name='ThemeIdea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ideas', to='threads.theme')),
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='theme_idea', to='threads.thread')),
            ],
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('considered', 'Being considered'), ('planned', 'Planned'), ('done', 'Done'), ('declined', 'Not taken up')], max_length=20)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='jam.member')),
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outcome', to='threads.thread')),
            ],
        ),
        migrations.CreateModel(
            name='Moved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('forum', 'Moved to another forum'), ('branch', 'Moved to another place'), ('split', 'Made a thread of its own'), ('merge', 'Merged into another thread')], max_length=10)),
                ('posts', models.PositiveIntegerField(help_text='How many posts were moved.')),
                ('subject_before', models.CharField(blank=True, help_text='Of the post, before a split.', max_length=200)),
                ('subject_after', models.CharField(blank=True, help_text='Of the post, by a split.', max_length=200)),
                ('took_outcome', models.BooleanField(default=False, help_text='What became of the idea is said of the other.')),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jam.member')),
                ('from_forum', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.forum')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='jam.jam')),
                ('to_forum', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jam.forum')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jam.member')),
                ('from_parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.post')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='threads.post')),
                ('to_parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.post')),
                ('from_thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
                ('to_thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
            ],
            options={
                'indexes': [models.Index(fields=['jam', '-id'], name='moved_jam_new')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='moved_undone_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(blank=True, max_length=40)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='jam.member')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='jam.member')),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='threads.thread')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('tag', ''), _negated=True), fields=['tag'], name='follow_tag')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('thread__isnull', False)), fields=('member', 'thread'), name='follow_thread_once'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('member', 'person'), name='follow_person_once'), models.UniqueConstraint(condition=models.Q(('tag', ''), _negated=True), fields=('member', 'tag'), name='follow_tag_once'), models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('tag', ''), ('thread__isnull', False)), models.Q(('person__isnull', False), ('tag', ''), ('thread', None)), models.Q(('person', None), ('thread', None), models.Q(('tag', ''), _negated=True)), _connector='OR'), name='follow_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='jam.member')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thread', 'member'), name='exposure_once')],
            },
        ),
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jam.member')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='connection_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='connection_in_order')],
            },
        ),
        migrations.CreateModel(
            name='ThreadReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upto', models.BigIntegerField(default=0)),
                ('beyond', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='jam.member')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'thread'), name='thread_reading_once')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField()),
                ('cast_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='jam.member')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='threads.post')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['cast_at'], name='vote_cast', pages_per_range=32)],
                'constraints': [models.UniqueConstraint(fields=('post', 'member'), name='vote_once'), models.CheckConstraint(condition=models.Q(('value__in', [-1, 0, 1])), name='vote_value_known')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='threads.thread'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['thread', 'created_at'], name='post_thread_time'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('status', 'visible')), fields=['thread', 'id'], include=('author',), name='post_unseen'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('parent', None)), fields=('thread',), name='thread_has_one_idea'),
        ),
    ]
