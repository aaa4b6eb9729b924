"""Why a row was mended, refused or kept as odd as it is: one wording for the row, one for the sum of such rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """`row` follows "file line N:" and may hold {} for a detail; `one` and `many` follow the number of such rows."""

    row: str
    one: str
    many: str

    def of_row(self, detail: str) -> str:
        return self.row.replace("{}", detail)

    def of_sum(self, number: int) -> str:
        return f"{number:,} {self.one if number == 1 else self.many}"


# Any file
COLUMNS = Reason(
    "has another number of columns than the header ({})",
    "row has another number of columns than the header: left out",
    "rows have another number of columns than the header: left out",
)
NO_ID = Reason("has no id", "row has no id: left out", "rows have no id: left out")
BAD_ID = Reason(
    "has an id that cannot be kept: {}",
    "row has an id that cannot be kept: left out",
    "rows have an id that cannot be kept: left out",
)
SAME_ID = Reason(
    "has the id {}, as an earlier row does",
    "row has an id that an earlier row has: left out",
    "rows have an id that an earlier row has: left out",
)
CONTROLS = Reason(
    "holds control characters in {}: taken out",
    "row held control characters: taken out",
    "rows held control characters: taken out",
)
ONE_LINE = Reason(
    "has line breaks or tabs in {}, which is one line here: made spaces",
    "row had line breaks or tabs in a field of one line: made spaces",
    "rows had line breaks or tabs in a field of one line: made spaces",
)
TOO_LONG = Reason("{}: cut", "row had a field that is too long: cut", "rows had a field that is too long: cut")

# jam.json
LANGUAGE = Reason("{} is not a language code: made “en”", "language was no code: made “en”", "languages were no codes")
ACCENT = Reason("{} is not a colour as #rrggbb: left out", "accent was no colour: left out", "accents were no colours")
DOOR = Reason("{} is not a door: made “invitation”", "door was not known: made “invitation”", "doors were not known")
NAIVE = Reason(
    "{} names no time zone: taken as UTC",
    "time names no time zone: taken as UTC",
    "times name no time zone: taken as UTC",
)

# forums.csv
FORUM_UNNAMED = Reason(
    "has no title: its id stands for it",
    "forum has no title: its id stands for it",
    "forums have no title: their ids stand for it",
)
POSITION = Reason(
    "has the position {}: put where the row stands",
    "forum has no usable position: put where its row stands",
    "forums have no usable position: put where their rows stand",
)

# people.csv
PERSON_UNNAMED = Reason(
    "has no name: the id stands for it",
    "person has no name: the id stands for it",
    "people have no name: their ids stand for it",
)
EMAIL = Reason(
    "has the e-mail {}, which is none: left out",
    "person has an e-mail that is none: loaded without it",
    "people have an e-mail that is none: loaded without it",
)
SAME_EMAIL = Reason(
    "has the e-mail of an earlier row, {}: left out",
    "person has the e-mail of an earlier row: loaded without it",
    "people have the e-mail of an earlier row: loaded without it",
)
ROLE = Reason(
    "has the role {}: made participant",
    "person has a role that is not known: made a participant",
    "people have a role that is not known: made participants",
)

# posts.csv
NO_AUTHOR = Reason(
    "is by {}, who is not among the people loaded",
    "post is by somebody who is not among the people loaded: left out",
    "posts are by somebody who is not among the people loaded: left out",
)
NO_FORUM = Reason(
    "is in the forum {}, which is not among those loaded",
    "post is in a forum that is not among those loaded: left out",
    "posts are in a forum that is not among those loaded: left out",
)
NO_PARENT = Reason(
    "names the parent {}, which is not there: starts a thread of its own",
    "reply names a parent that is not there: it now starts a thread of its own",
    "replies name a parent that is not there: each now starts a thread of its own",
)
PARENT_REFUSED = Reason(
    "names the parent {}, which was left out: starts a thread of its own",
    "reply names a parent that was left out: it now starts a thread of its own",
    "replies name a parent that was left out: each now starts a thread of its own",
)
CYCLE = Reason(
    "stands among its own ancestors: starts a thread of its own",
    "reply stands among its own ancestors: it now starts a thread of its own",
    "replies stand among their own ancestors: each now starts a thread of its own",
)
OTHER_FORUM = Reason(
    "names the forum {}, and its thread is in another: kept in its thread",
    "reply names another forum than its thread is in: kept in its thread",
    "replies name another forum than their thread is in: kept in their thread",
)
TOO_DEEP = Reason(
    "is deeper than a thread goes here: answers {} now",
    "reply is deeper than a thread goes here: it answers the deepest post that can be answered",
    "replies are deeper than a thread goes here: they answer the deepest post that can be answered",
)
EMPTY = Reason(
    "has neither subject nor body: stays for who answered whom",
    "post has neither subject nor body: it stays for who answered whom",
    "posts have neither subject nor body: they stay for who answered whom",
)
CREATED_AT = Reason(
    "has the time {}, which is none: the opening of the jam stands for it",
    "post has a time that is none: the opening of the jam stands for it",
    "posts have a time that is none: the opening of the jam stands for it",
)
STATUS = Reason(
    "has the status {}: hidden, to be safe",
    "post has a status that is not known: hidden, to be safe",
    "posts have a status that is not known: hidden, to be safe",
)
SUBJECT_LONG = Reason(
    "has a subject of {} characters: cut, and put whole on top of the body",
    "post has a subject that is too long: cut, and put whole on top of the body",
    "posts have a subject that is too long: cut, and put whole on top of the body",
)
TAGS = Reason(
    "has tags that are not written so here: made {}",
    "post has tags that are not written so here: made lower case, each once, no longer than they can be",
    "posts have tags that are not written so here: made lower case, each once, no longer than they can be",
)

# votes.csv, favourites.csv, actions.csv
NO_POST = Reason(
    "is on the post {}, which is not there",
    "row is on a post that is not there: left out",
    "rows are on a post that is not there: left out",
)
ON_REFUSED_POST = Reason(
    "is on the post {}, which was left out",
    "row is on a post that was left out: left out too",
    "rows are on a post that was left out: left out too",
)
NO_PERSON = Reason(
    "is by {}, who is not among the people loaded",
    "row is by somebody who is not among the people loaded: left out",
    "rows are by somebody who is not among the people loaded: left out",
)
VOTE_VALUE = Reason(
    "has the value {}; a vote is 1, 0 or -1",
    "vote has a value that is none: left out",
    "votes have a value that is none: left out",
)
UPVOTE_ONLY = Reason(
    "has the value {}; in an upvote jam a vote is 1",
    "vote is not 1, and the jam takes upvotes only: left out",
    "votes are not 1, and the jam takes upvotes only: left out",
)
TIME = Reason(
    "has the time {}, which is none: the time of the post stands for it",
    "row has a time that is none: the time of the post stands for it",
    "rows have a time that is none: the time of the post stands for it",
)
TWICE = Reason(
    "says what an earlier row says",
    "row says what an earlier row says: left out",
    "rows say what an earlier row says: left out",
)
SINCE = Reason(
    "has the time {}, which is none: the opening of the jam stands for it",
    "row has a time that is none: the opening of the jam stands for it",
    "rows have a time that is none: the opening of the jam stands for it",
)
FOLLOWS_NOTHING = Reason(
    "does not name one thing to follow that is there: an idea, somebody else or a tag",
    "row does not name one thing to follow that is there: left out",
    "rows do not name one thing to follow that is there: left out",
)
NO_PICTURE = Reason(
    "names the picture {}, whose file is not there or is no picture that this site made",
    "row names a picture whose file is not there or is no picture of ours: left out",
    "rows name pictures whose files are not there or are no pictures of ours: left out",
)
UNFIT = Reason(
    "cannot be kept: {}",
    "row cannot be kept as it is: left out",
    "rows cannot be kept as they are: left out",
)
ACTION_KIND = Reason(
    "has the kind {}, which is not known",
    "action has a kind that is not known: left out",
    "actions have a kind that is not known: left out",
)
OUTCOME_STATE = Reason(
    "has the state {}, which is not known",
    "outcome has a state that is not known: left out",
    "outcomes have a state that is not known: left out",
)
HIGHLIGHT_KIND = Reason(
    "has the kind {}, which is not known",
    "highlight has a kind that is not known: left out",
    "highlights have a kind that is not known: left out",
)
NO_IDEA = Reason(
    "is about {}, which is a reply",
    "outcome is about a reply: left out",
    "outcomes are about replies: left out",
)
