"""The SQL of the counts: what a document counts as, the sums of that, and their settlement.

`%(are_all_issued)s`: count documents whatever their day of issue.
"""
# ruff: noqa: S608 (only constants of this file are put together)

_FACTS = "document_id, doc_type, issuer_id, province_id, issued_on, topics, parents, starts, ends, statuses, doubts"
_EXCLUDED = ", ".join(f"excluded.{name}" for name in _FACTS.split(", "))

# answers in the memory of web processes may show other counts: migration 0180
ANNOUNCE = "SELECT pg_notify('luatmo_public', '')"

# what public documents are; those `left_out` without their effect
_FACTS_NOW = """
SELECT d.id AS document_id, d.doc_type, d.issuer_id, d.province_id, d.issued_on, filed.topics, filed.parents,
       spans.starts, spans.ends, spans.statuses, spans.doubts,
       CASE WHEN %(are_all_issued)s THEN '0001-01-01'::date ELSE coalesce(d.issued_on, '0001-01-01') END AS since
  FROM content_legaldocument d
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(t.id ORDER BY t.id), '{}') AS topics,
           coalesce(array_agg(t.parent_id ORDER BY t.id) FILTER (WHERE t.parent_id IS NOT NULL), '{}') AS parents
      FROM content_legaldocument_topics f JOIN content_topic t ON t.id = f.topic_id
     WHERE f.legaldocument_id = d.id) filed
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(s.valid_from), '{}') AS starts, coalesce(array_agg(s.valid_until), '{}') AS ends,
           coalesce(array_agg(s.status), '{}') AS statuses, coalesce(array_agg(s.is_in_doubt), '{}') AS doubts
      FROM (SELECT * FROM content_effectspan
             WHERE document_id = d.id AND status IS NOT NULL AND document_id <> ALL(%(left_out)s)
             ORDER BY valid_from) s) spans
 WHERE d.status = 'published'
"""
# what they were when they were counted
_FACTS_COUNTED = f"SELECT {_FACTS}, coalesce(issued_on, '0001-01-01') AS since FROM content_counteddocument"
# what documents of such facts add to the counts
_ENTRIES = """
SELECT scope.topic_id, entry.facet, entry.value, entry.since, entry.documents
  FROM {facts} f
 CROSS JOIN LATERAL (SELECT 0::bigint UNION SELECT unnest(f.topics || f.parents)) AS scope (topic_id)
 CROSS JOIN LATERAL (
    SELECT 'type', f.doc_type::text, f.since, 1
    UNION ALL SELECT 'issuer', f.issuer_id::text, f.since, 1 WHERE f.issuer_id IS NOT NULL
    UNION ALL SELECT 'province', f.province_id::text, f.since, 1 WHERE f.province_id IS NOT NULL
    UNION ALL SELECT 'topic', topic_id::text, f.since, 1 FROM unnest(f.topics) AS topic_id
    UNION ALL SELECT 'year', date_part('year', f.issued_on)::int::text, f.since, 1 WHERE f.issued_on IS NOT NULL
    UNION ALL
    SELECT CASE WHEN is_in_doubt THEN 'doubted_state' ELSE 'state' END, status::text, moved.since, moved.documents
      FROM unnest(f.starts, f.ends, f.statuses, f.doubts) AS span (first_day, end_day, status, is_in_doubt)
     CROSS JOIN LATERAL (VALUES (greatest(first_day, f.since), 1), (end_day, -1)) AS moved (since, documents)
     WHERE (end_day IS NULL OR end_day > f.since) AND moved.since IS NOT NULL
 ) AS entry (facet, value, since, documents)
"""

# `apart`: documents to be counted apart: those that are marked, those `left_out`, and those issued after a day that
# shows all. `few`: these, unless they are as many as `most`: then nothing else in the answer is right.
_APART = """
apart AS MATERIALIZED (
    SELECT document_id FROM content_outdatedcount
    UNION SELECT unnest(%(left_out)s::bigint[])
    UNION SELECT id FROM content_legaldocument
           WHERE %(are_all_issued)s AND status = 'published' AND issued_on > %(day)s
    LIMIT %(most)s
), few AS MATERIALIZED (SELECT document_id FROM apart WHERE (SELECT count(*) FROM apart) < %(most)s)
"""
_FEW = "ANY(ARRAY(SELECT document_id FROM few))"
_FRESH = f"{_FACTS_NOW} AND d.id = {_FEW}"
_FORMER = f"{_FACTS_COUNTED} WHERE document_id = {_FEW}"
_WANTED = "topic_id = %(topic)s AND facet = ANY(%(facets)s) AND since <= %(day)s"
_SUMS = f"""
SELECT facet, value, sum(documents) AS documents FROM (
    SELECT facet::text, value::text, documents FROM content_documentcount
     WHERE {_WANTED} AND is_of_year AND since < %(new_year)s
    UNION ALL
    SELECT facet, value, documents FROM content_documentcount
     WHERE {_WANTED} AND NOT is_of_year AND since >= %(new_year)s
    UNION ALL
    SELECT facet, value, -documents FROM ({_ENTRIES.format(facts=f"({_FORMER})")}) former WHERE {_WANTED}
    UNION ALL
    SELECT facet, value, documents FROM ({_ENTRIES.format(facts=f"({_FRESH})")}) fresh WHERE {_WANTED}
) counted GROUP BY facet, value HAVING sum(documents) <> 0
"""
# the first row: 'apart', and how many those are
COUNTS = f"""
WITH {_APART}, counts AS MATERIALIZED ({_SUMS})
SELECT facet, value, documents::bigint FROM (
    SELECT 'apart' AS facet, NULL AS value, count(*) AS documents FROM apart
    UNION ALL SELECT facet, value, documents FROM counts
) counted ORDER BY facet <> 'apart'
"""
# 'apart', too; then the rows of document_reads.statements.FACETS
FACETS = f"""
WITH {_APART}, counts AS MATERIALIZED ({_SUMS})
SELECT facet, value, year, is_in_doubt, documents::bigint FROM (
    SELECT 'apart' AS facet, NULL::text AS value, NULL::int AS year, NULL::boolean AS is_in_doubt,
           count(*) AS documents FROM apart
    UNION ALL SELECT 'total', NULL, NULL, NULL, coalesce(sum(documents), 0) FROM counts WHERE facet = 'type'
    UNION ALL SELECT 'type', value, NULL, NULL, documents FROM counts WHERE facet = 'type'
    UNION ALL SELECT 'issuer', o.key, NULL, NULL, documents
      FROM counts JOIN content_organisation o ON o.id::text = value WHERE facet = 'issuer'
    UNION ALL SELECT 'province', p.key, NULL, NULL, documents
      FROM counts JOIN content_province p ON p.id::text = value WHERE facet = 'province'
    UNION ALL SELECT 'topic', t.key, NULL, NULL, documents
      FROM counts JOIN content_topic t ON t.id::text = value WHERE facet = 'topic'
    UNION ALL SELECT 'year', NULL, CASE WHEN facet = 'year' THEN value::int END, NULL, documents
      FROM counts WHERE facet = 'year'
    UNION ALL SELECT 'state', value, NULL, facet = 'doubted_state', documents
      FROM counts WHERE facet IN ('state', 'doubted_state')
) counted ORDER BY facet <> 'apart', facet, documents DESC, year, value
"""

# A change of a day is one of its year, too.
_PERIODS = "(VALUES (false, since), (true, date_trunc('year', since)::date)) AS period (is_of_year, since)"
_CHANGES = f"""
SELECT topic_id, facet, value, period.is_of_year, period.since, sum(documents) AS documents
  FROM ({{entries}}) entries CROSS JOIN LATERAL {_PERIODS}
 GROUP BY topic_id, facet, value, period.is_of_year, period.since HAVING sum(documents) <> 0
"""
_CHANGED_ENTRIES = f"""
{_ENTRIES.format(facts="fresh")} UNION ALL
SELECT topic_id, facet, value, since, -documents FROM ({_ENTRIES.format(facts="former")}) less
"""

# One statement sees one moment: what it counts anew is what the marks that it deletes are about. A mark of a change
# that commits later stays.
_CHOSEN = "ARRAY(SELECT document_id FROM chosen)"
SETTLE = f"""
WITH chosen AS MATERIALIZED (
    SELECT DISTINCT document_id FROM content_outdatedcount ORDER BY document_id LIMIT %(most)s
), fresh AS MATERIALIZED ({_FACTS_NOW} AND d.id = ANY({_CHOSEN})
), former AS MATERIALIZED ({_FACTS_COUNTED} WHERE document_id = ANY({_CHOSEN})
), changes AS ({_CHANGES.format(entries=_CHANGED_ENTRIES)}
), written AS (
    INSERT INTO content_documentcount AS present (topic_id, facet, value, is_of_year, since, documents)
    SELECT topic_id, facet, value, is_of_year, since, documents FROM changes
    ON CONFLICT (topic_id, is_of_year, facet, since, value)
    DO UPDATE SET documents = present.documents + excluded.documents RETURNING id, documents
), counted AS (
    INSERT INTO content_counteddocument ({_FACTS}) SELECT {_FACTS} FROM fresh
    ON CONFLICT (document_id) DO UPDATE SET ({_FACTS}) = ({_EXCLUDED})
), gone AS (
    DELETE FROM content_counteddocument
     WHERE document_id = ANY({_CHOSEN}) AND document_id <> ALL(ARRAY(SELECT document_id FROM fresh))
), settled AS (
    DELETE FROM content_outdatedcount WHERE document_id = ANY({_CHOSEN})
)
SELECT (SELECT count(*) FROM chosen), coalesce((SELECT array_agg(id) FROM written WHERE documents = 0), '{{}}')
"""

# what is counted wrongly, in words: documents that differ and are not marked, sums that are not those of the documents
DIFFERENCES = f"""
WITH fresh AS MATERIALIZED ({_FACTS_NOW}), former AS MATERIALIZED ({_FACTS_COUNTED}
), changes AS ({_CHANGES.format(entries=_ENTRIES.format(facts="former"))})
SELECT 'document ' || coalesce(d.key, document_id::text) || ': is not what it was counted as'
  FROM fresh FULL JOIN former USING (document_id) LEFT JOIN content_legaldocument d ON d.id = document_id
 WHERE fresh IS DISTINCT FROM former
   AND NOT EXISTS (SELECT FROM content_outdatedcount mark
                    WHERE mark.document_id IN (fresh.document_id, former.document_id))
UNION ALL
SELECT format('%%s %%s%%s, %%s %%s: %%s stored, %%s right', facet, value,
              CASE WHEN topic_id <> 0 THEN ' in topic ' || coalesce((SELECT key FROM content_topic WHERE id = topic_id),
                                                                    topic_id::text) END,
              CASE WHEN is_of_year THEN 'in the year of' ELSE 'from' END, since,
              coalesce(stored.documents, 0), coalesce(changes.documents, 0))
  FROM changes FULL JOIN content_documentcount stored USING (topic_id, facet, value, is_of_year, since)
 WHERE changes.documents IS DISTINCT FROM stored.documents
"""
