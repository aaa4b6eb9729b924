"""A jam's pages, all under /jams/SLUG/."""

from django.urls import path

from threads.views import collections, feeds, finding, forum, home, own, people, posts, search, shown, thread

app_name = "threads"

urlpatterns = [
    path("", home.jam_home, name="home"),
    path("forums/<int:forum_id>/", forum.forum_detail, name="forum"),
    path("forums/<int:forum_id>/threads/", forum.thread_start, name="start"),
    path("threads/<int:thread_id>/", thread.thread_detail, name="detail"),
    path("posts/<int:post_id>/", thread.post_detail, name="post"),
    path("posts/<int:post_id>/reply/", posts.post_reply, name="reply"),
    path("posts/<int:post_id>/vote/", posts.post_vote, name="vote"),
    path("posts/<int:post_id>/favourite/", posts.post_favourite, name="favourite"),
    path("search/", search.jam_search, name="search"),
    path("ideas/", finding.ideas, name="ideas"),
    path("tags/", finding.tag_list, name="tags"),
    path("orders/", finding.orders, name="orders"),
    path("shown/", shown.ideas_shown, name="shown"),
    path("favourites/", own.favourite_list, name="favourites"),
    path("mine/", own.own_posts, name="mine"),
    path("posts/<int:post_id>/collect/", collections.post_collect, name="collect"),
    path("collections/", collections.collection_list, name="collections"),
    path("collections/<int:collection_id>/", collections.collection_detail, name="collection"),
    path("collections/<int:collection_id>/edit/", collections.collection_edit, name="collection_edit"),
    path("collections/<int:collection_id>/delete/", collections.collection_delete, name="collection_delete"),
    path("collections/<int:collection_id>/share/", collections.collection_share, name="collection_share"),
    path("collections/<int:collection_id>/posts/<int:post_id>/", collections.collection_item, name="collection_item"),
    path("c/<slug:key>/", collections.collection_shared, name="shared"),
    path("feeds/", feeds.feed_page, name="feeds"),
    path("feeds/<int:member_id>/<slug:key>/", feeds.jam_feed, name="jam_feed"),
    path("feeds/<int:member_id>/<slug:key>/forums/<int:forum_id>/", feeds.forum_feed, name="forum_feed"),
    path("feeds/<int:member_id>/<slug:key>/threads/<int:thread_id>/", feeds.thread_feed, name="thread_feed"),
    path("people/", people.person_list, name="people"),
    path("people/<int:member_id>/", people.person_detail, name="person"),
    path("me/edit/", people.person_edit, name="person_edit"),
    path("seen/", seen.posts_seen, name="seen"),
    path("unread/", seen.unread_now, name="unread"),
    path("threads/<int:thread_id>/unread/", thread.thread_unread, name="first_unread"),
    path("catch-up/", catching_up.catch_up, name="catch_up"),
    path("catch-up/seen/", catching_up.mark_all_seen, name="all_seen"),
    path("catch-up/undo/", catching_up.undo_all_seen, name="undo_all_seen"),
    path("drafts/", own.draft_list, name="drafts"),
    path("drafts/<int:draft_id>/discard/", own.draft_discard, name="discard"),
]
