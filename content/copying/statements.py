"""What a record is made of, in statements of our own.

Another installation that catches up asks for thousands of records a minute. Ten queries of the ORM took four times as
long as all else of an answer.
"""

# the newest public line about an object with that key
NEWEST_LINE = "SELECT id FROM content_change WHERE reader_id IS NULL AND subject = %s ORDER BY id DESC LIMIT 1"

# the same for each of these keys, NULL without one
NEWEST_LINES = f"SELECT key, ({NEWEST_LINE.replace('%s', 'key')}) FROM unnest(%s::text[]) AS key"  # noqa: S608

# all rows of the document with that primary key that its record says, as one JSON text
DOCUMENT = """
SELECT json_build_object(
'topics', (SELECT json_agg(t.key ORDER BY t.key) FROM content_legaldocument_topics f
    JOIN content_topic t ON t.id = f.topic_id WHERE f.legaldocument_id = d.id),
'amendments', (SELECT json_agg(json_build_object(
        'id', m.id, 'act', a.key, 'on', m."on", 'eids', m.eids, 'instructions', m.instructions) ORDER BY m."on", m.id)
    FROM content_amendment m JOIN content_legaldocument a ON a.id = m.act_id
    WHERE m.document_id = d.id AND m.withdrawn_at IS NULL),
'provisions', (SELECT json_agg(json_build_object(
        'id', p.id, 'eid', p.eid, 'kind', p.kind, 'number', p.number, 'parent', p.parent_id,
        'codification_code', p.codification_code) ORDER BY p.position)
    FROM content_provision p WHERE p.document_id = d.id),
'versions', (SELECT json_agg(json_build_object(
        'of', v.provision_id, 'heading', v.heading, 'text', v.text, 'text_hash', v.text_hash,
        'valid_from', v.valid_from, 'valid_until', v.valid_until, 'made_by', v.made_by_id, 'ended_by', v.ended_by_id)
        ORDER BY v.provision_id, v.valid_from NULLS FIRST)
    FROM content_provisionversion v JOIN content_provision p ON p.id = v.provision_id WHERE p.document_id = d.id),
'status_events', (SELECT json_agg(json_build_object(
        'kind', e.kind, 'scope', e.scope, 'on', e."on", 'stated_on', e.stated_on, 'eids', e.eids, 'cause', e.cause,
        'amendment', e.amendment_id) ORDER BY e."on", e.id)
    FROM content_statusevent e WHERE e.document_id = d.id),
'relations', (SELECT json_agg(json_build_object(
        'target_text', r.target_text, 'target_number', r.target_number, 'target_key', r.target_key,
        'source_eid', r.source_eid, 'evidence', r.evidence, 'stated_by', r.stated_by, 'kind', r.kind,
        'scope', r.scope, 'target_type', r.target_type, 'target_issued_on', r.target_issued_on,
        'effective_on', r.effective_on, 'target_eids', r.target_eids, 'amendment', r.amendment_id,
        'decided_at', to_char(r.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')) ORDER BY r.id)
    FROM content_relation r WHERE r.actor_id = d.id AND r.status = 'confirmed'),
'doubts', (SELECT json_agg(json_build_object(
        'act', a.key, 'source_eid', u.source_eid, 'kind', u.kind, 'scope', u.scope, 'eids', u.eids,
        'from_on', u.from_on, 'on', u."on", 'until_on', u.until_on, 'words', u.words, 'reasons', u.reasons)
        ORDER BY u.from_on, u.id)
    FROM content_effectdoubt u JOIN content_legaldocument a ON a.id = u.act_id
    WHERE u.document_id = d.id AND (d.home = '' OR (a.home <> '' AND a.id <> d.id))),
'files', CASE WHEN d.home = '' THEN (SELECT json_agg(json_build_object(
        'sha256', f.sha256, 'name', f.name, 'media_type', f.media_type, 'size', f.size) ORDER BY f.sha256)
    FROM content_originalfile f WHERE f.document_id = d.id AND f.media_type <> 'text/html')
ELSE (SELECT json_agg(json_build_object(
        'sha256', f.sha256, 'name', f.name, 'media_type', f.media_type, 'size', f.size) ORDER BY f.sha256)
    FROM content_copiedfile f WHERE f.document_id = d.id) END
)::text FROM content_legaldocument d WHERE d.id = %s
"""
