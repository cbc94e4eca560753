"""What the day-book says of a document."""

from content.changes import services as changes


def note(kind, document, change_kind, *, facts=(), **columns):
    """One line in the caller's transaction; see changes.record. `facts` are added to those every line has."""
    return changes.record(
        kind,
        document.key,
        change_kind=change_kind,
        topics=list(document.topics.values_list("key", flat=True)),
        organisation=document.issuer.key if document.issuer else "",
        facts={
            "number": document.number,
            "title": document.title,
            "doc_type": document.doc_type,
            "is_specimen": document.is_specimen,
            **dict(facts),
        },
        **({"hash_after": document.content_hash} | columns),
    )
