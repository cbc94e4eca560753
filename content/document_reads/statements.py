"""What a public read shows of documents, as one SQL statement for each: its rows as one JSON text.

The text is both the data and the state of an answer: two equal texts make two equal answers (on one day, in one
language), so an ETag is made of it before anything is rendered. Raw SQL, because compiling a dozen queries and making
model instances took three quarters of the time of an answer. `%(day)s` is the day shown.
"""
# ruff: noqa: S608 (only constants of this file are put together)

ON_THE_DAY = "(v.valid_from IS NULL OR v.valid_from <= %(day)s) AND (v.valid_until IS NULL OR v.valid_until > %(day)s)"
# of a document that is named beside the one that is shown: what a link and a citation need
LINKED = (
    "json_build_array({0}.id, {0}.key, {0}.number, {0}.title, {0}.doc_type, {0}.issued_on, {0}.is_sample, "
    "{0}.completeness)"
)

DESCRIPTION = f"""
    d.id, d.key, d.number, d.doc_type, d.title, d.is_sample, d.completeness, d.issued_on, d.effect_stated_on,
    d.list_order, d.signer, d.gazette_number, d.gazette_on, d.source, d.source_url, d.is_official_copy, d.verified_at,
    d.verified_by, d.home, d.witness_count, d.published_at, d.corrected_at, d.created_at, d.updated_at, d.status,
    d.effective_on, d.issuer_id,
    d.province_id, d.commune_code, d.commune_name,
    (SELECT json_build_array(pv.id, pv.key, pv.code, pv.name, pv.short_name)
       FROM content_province pv WHERE pv.id = d.province_id) AS province,
    CASE WHEN o.id IS NOT NULL THEN json_build_array(o.id, o.key, o.code, o.name, o.name_en) END AS issuer,
    (SELECT json_agg(json_build_array(t.id, t.key, t.number, t.name) ORDER BY t.position)
       FROM content_legaldocument_topics f JOIN content_topic t ON t.id = f.topic_id
      WHERE f.legaldocument_id = d.id) AS topics,
    (SELECT json_agg(json_build_array(e.id, e.kind, e.scope, e."on", e.stated_on, e.eids, e.cause, e.amendment_id)
                     ORDER BY e."on", e.id)
       FROM content_statusevent e WHERE e.document_id = d.id) AS status_events,
    (SELECT json_agg(json_build_array(u.id, u.source_eid, u.kind, u.scope, u.eids, u.from_on, u."on", u.until_on,
                                      u.words, u.since, {LINKED.format("a")}) ORDER BY u.from_on, u.id)
       FROM content_effectdoubt u JOIN content_legaldocument a ON a.id = u.act_id
      WHERE u.document_id = d.id) AS effect_doubts
"""

# of one document only; the last day until %(until)s on which its effect changed by itself
LAST_CHANGE = """
    (SELECT max(days.day) FROM (
        SELECT e."on" FROM content_statusevent e WHERE e.document_id = d.id
        UNION ALL SELECT u.from_on FROM content_effectdoubt u WHERE u.document_id = d.id
        UNION ALL SELECT u.until_on FROM content_effectdoubt u WHERE u.document_id = d.id) days (day)
      WHERE days.day <= %(until)s) AS last_change_on
"""
AMENDMENTS = f"""
    (SELECT json_agg(json_build_array(m.id, m."on", m.eids, m.withdrawn_at IS NOT NULL,
                                      jsonb_path_query_array(m.instructions, '$[*] ? (@.action == "repeal").eid'),
                                      {LINKED.format("a")}) ORDER BY m."on", m.id)
       FROM content_amendment m JOIN content_legaldocument a ON a.id = m.act_id
      WHERE m.document_id = d.id) AS amendments
"""
ORIGINAL_FILE = """
    (SELECT json_build_array(f.imported_at, f.sha256, f.size)
       FROM content_originalfile f WHERE f.document_id = d.id ORDER BY f.id DESC LIMIT 1) AS original_file
"""
CONSOLIDATED = f"""
    CASE WHEN d.doc_type = %(consolidated)s THEN
    (SELECT json_agg({LINKED.format("a")} ORDER BY r.id)
       FROM content_relation r JOIN content_legaldocument a ON a.id = r.target_id
      WHERE r.actor_id = d.id AND r.kind = 'consolidates' AND r.status = 'confirmed' AND a.status = 'published')
    END AS consolidates
"""
UNIT = "json_build_array({0}.id, {0}.parent_id, {0}.eid, {0}.kind, {0}.number, {0}.position, {0}.codification_code, "

OUTLINE = f"""
    (SELECT json_agg({UNIT.format("p")} v.heading, v.made_by_id) ORDER BY p.position)
       FROM content_provision p JOIN content_provisionversion v ON v.provision_id = p.id AND {ON_THE_DAY}
      WHERE p.document_id = d.id AND p.kind <> ALL(%(below)s)) AS units
"""
# units without a text on the day whose last text an act ended; the outermost ones, under what still has a text
REMOVED = f"""
    (SELECT json_agg({UNIT.format("g")} g.heading, g.ended_by_id) ORDER BY g.position) FROM (
        SELECT DISTINCT ON (p.id) p.id, p.parent_id, p.eid, p.kind, p.number, p.position, p.codification_code,
               e.heading, e.ended_by_id
          FROM content_amendment m
          JOIN content_provisionversion e ON e.ended_by_id = m.id AND e.valid_until <= %(day)s
          JOIN content_provision p ON p.id = e.provision_id
         WHERE m.document_id = d.id AND m.withdrawn_at IS NULL AND p.document_id = d.id AND {{where}}
           AND NOT EXISTS (SELECT FROM content_provisionversion v WHERE v.provision_id = p.id AND {ON_THE_DAY})
         ORDER BY p.id, e.valid_until DESC) g) AS removed
"""
PARENT_HAS_TEXT = (
    "p.kind <> ALL(%(below)s) AND (p.parent_id IS NULL OR EXISTS "
    f"(SELECT FROM content_provisionversion v WHERE v.provision_id = p.parent_id AND {ON_THE_DAY}))"
)
_ISSUER = "LEFT JOIN content_organisation o ON o.id = d.issuer_id"

_DOCUMENT = f"""
SELECT row_to_json(shown)::text, shown.updated_at, shown.last_change_on FROM (
    SELECT {DESCRIPTION}, {LAST_CHANGE}, {AMENDMENTS}, {ORIGINAL_FILE}, {CONSOLIDATED}, {OUTLINE},
           {REMOVED.format(where=PARENT_HAS_TEXT)}
      FROM content_legaldocument d {_ISSUER} WHERE {{which}} AND d.status = 'published') shown
"""
DOCUMENT = _DOCUMENT.format(which="d.key = %(key)s")
DOCUMENTS = _DOCUMENT.format(which="d.id = ANY(%(ids)s)")  # for many: to plan one takes as long as to find it

# `{page}`: a query of the ORM with the ids of the documents of a page, in their order
PAGE = f"""
WITH page AS MATERIALIZED (SELECT id, row_number() OVER () AS place FROM ({{page}}) AS chosen (id))
SELECT json_agg(shown ORDER BY place)::text FROM (
    SELECT page.place, {DESCRIPTION}
      FROM page JOIN content_legaldocument d ON d.id = page.id {_ISSUER}) shown
"""

# What is under a unit are the rows from it to the first that stands under a unit above it, or under none. Each step
# names one document and a range of positions, so that an index leads to it however many documents there are. For that
# 0 stands for no parent, and ids are collected into arrays: PostgreSQL would read the whole index of parents.
_BESIDE = f"""
    (SELECT {UNIT.format("p")} v.heading)
       FROM content_provision p JOIN content_provisionversion v ON v.provision_id = p.id AND {ON_THE_DAY}
      WHERE p.document_id = (SELECT document_id FROM own) AND p.position {{order}} (SELECT position FROM own)
        AND p.kind = (SELECT kind FROM own)
        AND (p.kind = 'article' OR p.parent_id IS NOT DISTINCT FROM (SELECT parent_id FROM own))
      ORDER BY p.position {{direction}} LIMIT 1)
"""
_CHILDREN = "p.id = ANY(ARRAY(SELECT c.id FROM content_provision c WHERE c.parent_id = (SELECT id FROM own)))"
PROVISION = f"""
WITH RECURSIVE own AS MATERIALIZED (
    SELECT p.id, p.document_id, p.parent_id, p.kind, p.eid, p.position
      FROM content_legaldocument d JOIN content_provision p ON p.document_id = d.id AND p.eid = %(eid)s
      JOIN content_provisionversion v ON v.provision_id = p.id AND {ON_THE_DAY}
     WHERE d.key = %(key)s
), above AS (
    SELECT p.id, p.parent_id, 1 AS steps FROM own JOIN content_provision p ON p.id = own.parent_id
    UNION ALL
    SELECT p.id, p.parent_id, steps + 1 FROM above JOIN content_provision p ON p.id = above.parent_id
), span AS MATERIALIZED (
    SELECT own.*, COALESCE(
        (SELECT p.position FROM content_provision p
          WHERE p.document_id = own.document_id AND p.position > own.position
            AND COALESCE(p.parent_id, 0) = ANY(ARRAY(SELECT id FROM above UNION ALL SELECT 0))
          ORDER BY p.position LIMIT 1), 2147483647) AS behind
      FROM own
), under AS MATERIALIZED (
    SELECT p.id, p.parent_id, p.eid, p.kind, p.number, p.position, p.codification_code, v.heading, v.text,
           v.id AS version_id, v.made_by_id
      FROM span
      JOIN content_provision p ON p.document_id = span.document_id
       AND p.position >= span.position AND p.position < span.behind
      JOIN content_provisionversion v ON v.provision_id = p.id AND {ON_THE_DAY}
)
SELECT row_to_json(shown)::text, shown.updated_at, shown.last_change_on FROM (
    SELECT {DESCRIPTION}, {LAST_CHANGE}, {AMENDMENTS},
    (SELECT json_agg({UNIT.format("u")} u.heading, u.made_by_id, u.version_id, u.text) ORDER BY u.position)
       FROM under u) AS units,
    (SELECT json_agg({UNIT.format("p")} v.heading) ORDER BY above.steps DESC)
       FROM above JOIN content_provision p ON p.id = above.id
       JOIN content_provisionversion v ON v.provision_id = p.id AND {ON_THE_DAY}) AS ancestors,
    {_BESIDE.format(order="<", direction="DESC")} AS previous,
    {_BESIDE.format(order=">", direction="")} AS next,
    (SELECT json_agg(json_build_array(p.eid, v.valid_from, v.valid_until, v.made_by_id, v.ended_by_id) ORDER BY v.id)
       FROM span JOIN content_provision p ON p.document_id = span.document_id
        AND p.position >= span.position AND p.position < span.behind
        AND (p.eid = span.eid OR starts_with(p.eid, span.eid || '__'))
       JOIN content_provisionversion v ON v.provision_id = p.id) AS versions,
    {REMOVED.format(where=_CHILDREN)},
    (SELECT json_agg(json_build_array(m.version_id, m.start, m."end", m.eids <> '{{}}', m.target_id = d.id,
         (SELECT json_agg(named.eid ORDER BY named.place) FROM unnest(m.eids) WITH ORDINALITY AS named (eid, place)
           WHERE EXISTS (SELECT FROM content_provision q WHERE q.document_id = m.target_id AND q.eid = named.eid)),
         {LINKED.format("a")}) ORDER BY m.version_id, m.start)
       FROM content_mention m JOIN content_legaldocument a ON a.id = m.target_id AND a.status = 'published'
      WHERE m.version_id = ANY(ARRAY(SELECT version_id FROM under))) AS mentions
      FROM content_legaldocument d {_ISSUER} WHERE d.key = %(key)s AND d.status = 'published') shown
"""

# The text of a document is not in its state: it may have megabytes. A row that is written again has another xmin, the
# number of the transaction that wrote it, so the hash of all numbers is another one. What words lead to is looked up
# one by one: joined, PostgreSQL read all units of a document for each of a thousand mentions.
_TARGET = f"""
    (SELECT {LINKED.format("a")} FROM content_legaldocument a WHERE a.id = m.target_id AND a.status = 'published')
"""
_TARGET_UNITS = """
    ARRAY(SELECT (SELECT q.id FROM content_provision q WHERE q.document_id = m.target_id AND q.eid = named.eid)
            FROM unnest(m.eids) AS named (eid))
"""
TEXT = f"""
SELECT row_to_json(shown)::text, shown.updated_at, shown.last_change_on FROM (
    SELECT {DESCRIPTION}, {LAST_CHANGE}, {AMENDMENTS}, {ORIGINAL_FILE},
    (SELECT md5(string_agg(concat_ws(' ', p.id, p.xmin, v.id, v.xmin,
         (SELECT string_agg(concat_ws(' ', m.id, m.xmin, {_TARGET}, {_TARGET_UNITS}), ',' ORDER BY m.id)
            FROM content_mention m WHERE m.version_id = v.id)), ';' ORDER BY p.id, v.id))
       FROM content_provision p LEFT JOIN content_provisionversion v ON v.provision_id = p.id
      WHERE p.document_id = d.id) AS units
      FROM content_legaldocument d {_ISSUER} WHERE d.key = %(key)s AND d.status = 'published') shown
"""

# `{found}`: a query of the ORM with what each document that a list finds has: id, type, issuer, province, day of issue.
# Documents are few in kind: they are counted together by all that they have, once, and each facet adds up these counts.
FACETS = """
WITH found (id, doc_type, issuer_id, province_id, issued_on) AS MATERIALIZED ({found}),
alike AS MATERIALIZED (
    SELECT f.doc_type, f.issuer_id, f.province_id, date_part('year', f.issued_on)::int AS year,
           s.status, s.is_in_doubt, count(*) AS documents
      FROM found f
      LEFT JOIN content_effectspan s ON s.document_id = f.id AND s.valid_from <= %s
       AND (s.valid_until IS NULL OR s.valid_until > %s) AND s.document_id <> ALL(%s)
     GROUP BY 1, 2, 3, 4, 5, 6
), filed AS MATERIALIZED (
    SELECT f.topic_id, count(*) AS documents
      FROM content_legaldocument_topics f WHERE f.legaldocument_id IN (SELECT id FROM found) GROUP BY f.topic_id
)
SELECT facet, value, year, is_in_doubt, documents::bigint FROM (
    SELECT 'total' AS facet, NULL::text AS value, NULL::int AS year, NULL::boolean AS is_in_doubt,
           coalesce(sum(documents), 0) AS documents FROM alike
    UNION ALL SELECT 'type', doc_type, NULL, NULL, sum(documents) FROM alike GROUP BY doc_type
    UNION ALL SELECT 'issuer', o.key, NULL, NULL, sum(documents)
      FROM alike JOIN content_organisation o ON o.id = issuer_id GROUP BY o.key
    UNION ALL SELECT 'province', p.key, NULL, NULL, sum(documents)
      FROM alike JOIN content_province p ON p.id = province_id GROUP BY p.key
    UNION ALL SELECT 'topic', t.key, NULL, NULL, documents FROM filed JOIN content_topic t ON t.id = topic_id
    UNION ALL SELECT 'year', NULL, year, NULL, sum(documents) FROM alike WHERE year IS NOT NULL GROUP BY year
    UNION ALL SELECT 'state', status, NULL, is_in_doubt, sum(documents) FROM alike
     WHERE status IS NOT NULL GROUP BY status, is_in_doubt
) counted ORDER BY facet, documents DESC, year, value
"""
