import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


def find_what_is_there(apps, schema_editor):
    if apps.get_model("threads", "Post").objects.exists():
        # Not in a new database: what this does may have changed since with tables that come later.
        from threads.domain import search_index

        search_index.fill()


class Migration(migrations.Migration):
    dependencies = [("threads", "0003_collections")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="threads.post",
                    ),
                ),
                ("config", models.CharField(max_length=20)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunPython(find_what_is_there, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_document_words"),
        ),
    ]
