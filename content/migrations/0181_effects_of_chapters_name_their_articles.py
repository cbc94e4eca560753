"""Events of effect and doubts about a part, chapter or section name the sections and articles inside it too.

The eid of an article does not tell in which chapter it is, so it was shown as in force where its chapter was not. The
documents are touched, so that caches learn of it. A repeat changes nothing.
"""

from django.db import migrations

ABOVE = "('part', 'chapter', 'section', 'subsection')"
ADD_UNITS_INSIDE = f"""
WITH wider AS (
    SELECT said.id, ARRAY(
        WITH RECURSIVE inside AS (
            SELECT id, eid FROM content_provision
            WHERE document_id = said.document_id AND eid = ANY(said.eids) AND kind IN {ABOVE}
            UNION
            SELECT unit.id, unit.eid FROM content_provision unit
            JOIN inside ON unit.parent_id = inside.id
            WHERE unit.kind = 'article' OR unit.kind IN {ABOVE}
        )
        SELECT eid FROM inside WHERE NOT eid = ANY(said.eids)
    ) AS added
    FROM %(table)s said
    WHERE EXISTS (SELECT FROM unnest(said.eids) eid WHERE eid ~ '(^|__)(part|chp|sec|subsec)_[^_]+$')
), changed AS (
    UPDATE %(table)s said SET eids = ARRAY(
        SELECT eid FROM unnest(said.eids || wider.added) eid ORDER BY eid COLLATE "C"
    )
    FROM wider WHERE wider.id = said.id AND wider.added <> '{{}}'
    RETURNING said.document_id
)
UPDATE content_legaldocument SET updated_at = now() WHERE id IN (SELECT document_id FROM changed)
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0180_public_changes_are_announced")]

    operations = [
        migrations.RunSQL(ADD_UNITS_INSIDE % {"table": table}, migrations.RunSQL.noop)
        for table in ("content_statusevent", "content_effectdoubt")
    ]
