"""What the threads floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import AT_ONCE, Leaving, Picture, Row, declare, remove_all
from accounts.models import Person
from jam.domain.holdings import IN_THE_JAM, WITH_THE_JAM
from threads.domain import forgetting
from threads.models import (
    Collection,
    CollectionItem,
    Connection,
    Draft,
    Exposure,
    Favourite,
    Follow,
    Highlight,
    Image,
    Mention,
    Moved,
    Outcome,
    Post,
    PostImage,
    Revision,
    SearchDocument,
    Theme,
    Thread,
    ThreadReading,
    Visit,
    Vote,
)

YOU = _("You.")
AS_THE_RULE_SAYS = _("Your posts stay without your name, or go, as the rule of each jam says.")


def _posts(person: Person) -> Iterator[Row]:
    """With what each said before it was changed. Two queries for some hundred posts."""
    posts = Post.objects.filter(author__person=person).select_related("jam", "thread__forum").order_by("pk")
    for post in posts.prefetch_related("revisions").iterator(chunk_size=AT_ONCE):
        yield {
            "jam": post.jam.slug,
            "forum": post.thread.forum.title,
            "thread": post.thread_id,
            "post": post.pk,
            "answers": post.parent_id,
            "subject": post.subject,
            "body": post.body,
            "html": post.html,
            "tags": post.tags,
            "status": post.status,
            "written": post.created_at,
            "changed": post.edited_at,
            "agree": post.agree_count,
            "pass": post.pass_count,
            "disagree": post.disagree_count,
            "before": [
                {"subject": old.subject, "body": old.body, "tags": old.tags, "until": old.replaced_at}
                for old in post.revisions.all()
            ],
        }


def _collections(person: Person) -> Iterator[Row]:
    """With the posts in them, by their numbers: the words are other people's."""
    for collection in Collection.objects.filter(member__person=person).select_related("jam").order_by("pk"):
        items = CollectionItem.objects.filter(collection=collection).values_list("post", "note")
        yield {
            "jam": collection.jam.slug,
            "title": collection.title,
            "note": collection.note,
            "shared": collection.share_key is not None,
            "made": collection.created_at,
            "posts": [{"post": post, "note": note} for post, note in items],
        }


def _forget_follows(person: Person) -> None:
    """Theirs, and those of others who follow them."""
    for own in ({"member__person": person}, {"person__person": person}):
        remove_all(Follow.objects.filter(**own))


def _pictures(person: Person) -> Iterator[Picture]:
    images = Image.objects.filter(member__person=person).order_by("pk")
    for jam, key, file in images.values_list("jam__slug", "key", "file").iterator(chunk_size=AT_ONCE):
        yield Picture(name=f"{jam}-{key}.webp", path=file)


# Of what is forgotten the last comes first: pictures go when no post shows them any more.
declare(
    "pictures",
    model=Image,
    title=_("Pictures in what you wrote"),
    purpose=_("To be seen in your posts. Where and when they were taken is not kept."),
    kept=_("As long as a post shows them; one that no post shows, a day."),
    seen_by=_("Whoever may read one of the posts that show it."),
    on_leaving=Leaving.ANONYMISE,
    leaving_why=AS_THE_RULE_SAYS,
    fields={
        "jam": "jam__slug",
        "file": "key",
        "words": "alt",
        "width": "width",
        "height": "height",
        "sent": "created_at",
    },
    pictures=_pictures,
    forget=forgetting.forget_pictures,
)
declare(
    "posts",
    model=Post,
    owner="author__person",
    with_it=(Revision, SearchDocument, PostImage),
    title=_("What you wrote"),
    purpose=_("To be read, found and answered by everybody in the jam."),
    kept=WITH_THE_JAM,
    seen_by=_("Everybody who may read the jam; a post that was hidden or withdrawn, you and those who run the jam."),
    on_leaving=Leaving.ANONYMISE,
    leaving_why=AS_THE_RULE_SAYS,
    read=_posts,
    forget=forgetting.forget_posts,
)
declare(
    "votes",
    model=Vote,
    title=_("Your votes"),
    purpose=_("To count them, each once, and to let you change yours."),
    kept=WITH_THE_JAM,
    seen_by=_("You. Everybody else sees how many there are; those who run the jam can export them."),
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("So that what was counted stays as it is."),
    fields={"jam": "post__jam__slug", "post": "post", "value": "value", "at": "cast_at"},
)
declare(
    "mentions",
    model=Mention,
    title=_("Where others named you"),
    purpose=_("To tell you, and to lead from your name to you."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "post__jam__slug", "thread": "post__thread", "post": "post"},
    forget=forgetting.forget_mentions,
)
declare(
    "favourites",
    model=Favourite,
    title=_("Posts that you keep"),
    purpose=_("So that you find them again."),
    kept=WITH_THE_JAM,
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "post__jam__slug", "thread": "post__thread", "post": "post", "kept": "kept_at"},
)
declare(
    "collections",
    model=Collection,
    with_it=(CollectionItem,),
    title=_("Collections that you made"),
    purpose=_("So that you find posts again, and can pass them on."),
    kept=_("Until you delete them."),
    seen_by=_("You, and whoever has the link of one that you share."),
    on_leaving=Leaving.REMOVE,
    read=_collections,
)
declare(
    "follows",
    model=Follow,
    also=("person",),
    title=_("What you follow"),
    purpose=_("To tell you what is new there."),
    kept=_("Until you stop following it."),
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={
        "jam": "member__jam__slug",
        "thread": "thread",
        "person": "person__name",
        "tag": "tag",
        "since": "since",
    },
    forget=_forget_follows,
)
declare(
    "drafts",
    model=Draft,
    title=_("Drafts"),
    purpose=_("So that nothing is lost that you did not post yet."),
    kept=_("Until you post them or throw them away."),
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={
        "jam": "jam__slug",
        "place": "place",
        "subject": "subject",
        "body": "body",
        "tags": "tags",
        "saved": "saved_at",
    },
)
declare(
    "visits",
    model=Visit,
    title=_("When you were last in a jam"),
    purpose=_("To show you what is new since then."),
    kept=WITH_THE_JAM,
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "member__jam__slug", "last": "last_at", "before": "left_at"},
)
declare(
    "readings",
    model=ThreadReading,
    title=_("How far you have read"),
    purpose=_("To show you what is new."),
    kept=WITH_THE_JAM,
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "member__jam__slug", "thread": "thread", "up_to_post": "upto", "also": "beyond", "at": "read_at"},
)
declare(
    "exposures",
    model=Exposure,
    title=_("Ideas that you were shown in a list"),
    purpose=_("So that every idea is seen by some before votes decide which are seen by many."),
    kept=WITH_THE_JAM,
    seen_by=_("Nobody. It is counted."),
    on_leaving=Leaving.REMOVE,
    fields={"jam": "member__jam__slug", "thread": "thread"},
)
declare(
    "outcomes",
    model=Outcome,
    owner="by__person",
    title=_("What you said became of ideas"),
    purpose=_("To tell everybody, and to say who said so."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "thread__jam__slug", "thread": "thread", "state": "state", "words": "words", "at": "at"},
)
declare(
    "theme_names",
    model=Theme,
    owner="named_by__person",
    title=_("Themes that you named"),
    purpose=_("To call them by a name that says more than their words."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "name": "name"},
)
declare(
    "highlights",
    model=Highlight,
    owner="by__person",
    title=_("What you highlighted"),
    purpose=_("To hold up what stands out, and to say who did so."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "post": "post", "kind": "kind", "at": "at"},
)
declare(
    "moves",
    model=Moved,
    owner="by__person",
    also=("undone_by",),
    title=_("What you moved, merged or split"),
    purpose=_("To undo it, and so that old links lead on."),
    kept=WITH_THE_JAM,
    seen_by=_("Those who run the jam, and whose post was moved."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "why": "reason", "at": "at"},
)
declare(
    "connections",
    model=Connection,
    owner="by__person",
    title=_("Threads that you connected"),
    purpose=_("So that each leads to the other."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "one__jam__slug", "one": "one", "other": "other", "at": "at"},
)
declare(
    "locks",
    model=Thread,
    owner="locked_by__person",
    title=_("Threads that you locked"),
    purpose=_("To know who did so."),
    kept=_("Until it is unlocked."),
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "thread": "pk", "at": "locked_at"},
)
