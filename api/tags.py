"""Groups of operations in openapi.yaml. Settings import this module, so it imports nothing."""

TAGS = [
    {"name": name, "description": description}
    for name, description in {
        "changes": "The public change log: publications, changes and withdrawals.",
        "citations": "Citations in texts, and documents that somebody names.",
        "contests": "Contests, entries, attempts and ranks.",
        "devices": "Installations of the app, which receive pushes.",
        "dissemination": "Where content was spread, and the queues of outlets.",
        "documents": "Legal documents down to the point (điểm), as of any day.",
        "effects": "Calendar of effect: what takes effect, changes or expires.",
        "events": "Events, registrations and calendars.",
        "exports": "Bulk exports of all public data.",
        "feeds": "Atom, RSS and JSON feeds of lists.",
        "follows": "Objects that a reader wants notifications about.",
        "inbox": "Notifications of a reader.",
        "me": "Export and erasure of all data of a reader.",
        "materials": "Materials of legal dissemination, with text alternatives and files.",
        "channels": "Channels of law and playlists: what is on the air, and podcasts.",
        "organisations": "Issuing organisations and provinces, with their days.",
        "plans": "Programmes, plans of organisations, indicators and what was measured.",
        "questions": "Questions of readers with answers.",
        "root": "Where everything is.",
        "search": "Search over all content, and the glossary.",
        "topics": "Subjects and headings of the official codification.",
    }.items()
]
