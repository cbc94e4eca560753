"""Tables that content 0114 and notifications 0042 renamed: {former name: name}."""

RENAMED_TABLES = {
    "content_commonword": "content_postinglist",
    "content_manuscript": "content_revision",
    "content_manuscript_topics": "content_revision_topics",
    "content_questionmove": "content_questiontransitionlog",
    "content_searchalias": "content_synonym",
    "content_searchterm": "content_termfrequency",
    "content_term": "content_glossaryentry",
    "content_turn": "content_processedday",
    "notifications_bookmark": "content_changecursor",
    "notifications_wiresubscription": "notifications_fcmsubscription",
}
