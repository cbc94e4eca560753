"""After many publications PostgreSQL counts the tables anew: until autovacuum comes, its plans are for old sizes."""

from content import sql
from content.documents.models import EffectSpan, LegalDocument, Provision, ProvisionVersion, StatusEvent
from content.mentions.models import Mention
from content.passages.models import Passage

MANY_DOCUMENTS = 20
FILLED_TABLES = (LegalDocument, Provision, ProvisionVersion, Passage, Mention, StatusEvent, EffectSpan)


def refresh_statistics(documents: int) -> None:
    """Refresh the statistics of the planner if so many documents were stored that their tables changed much."""
    if documents >= MANY_DOCUMENTS:
        sql.refresh_planner_statistics(*FILLED_TABLES)
