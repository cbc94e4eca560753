"""The closed list of what the day-book may say. It is part of the public contract: entries are added, never changed."""

DOCUMENT_PUBLISHED = "document.published"
DOCUMENT_CORRECTED = "document.corrected"
DOCUMENT_WITHDRAWN = "document.withdrawn"

LEGAL = "legal"  # the law itself moved
EDITORIAL = "editorial"  # our copy or its description was bettered; the law did not move
CORRECTION = "correction"  # the issuing body corrected its text (đính chính)
WITHDRAWAL = "withdrawal"  # we took something back

KINDS = {
    DOCUMENT_PUBLISHED: "A legal document became public.",
    DOCUMENT_CORRECTED: "The published copy of a legal document was bettered.",
    DOCUMENT_WITHDRAWN: "A published document was taken back: at its address stands why, or nothing any more.",
}
CHANGE_KINDS = (LEGAL, EDITORIAL, CORRECTION, WITHDRAWAL)
