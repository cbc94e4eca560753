"""The rival of bench/rivals.py: the same answers by FastAPI (or Litestar), asyncpg and orjson. Needs no settings.

It reads the tables of the bench's database and answers the same bytes. What the law decides (effect, citations, text
for speech) it takes from our pure modules, so the two differ in framework, SQL and JSON alone. RIVAL_FACTS names a
file of JSON that the bench writes: address of the database, address of the server that is imitated, labels.
"""

# ruff: noqa: S608 (only constants of this file are put into statements)

import base64
import contextlib
import datetime
import hashlib
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import asyncpg
import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from content.documents import effect as rules
from content.documents.citations import cite_document, cite_provision
from content.law import page_paths
from content.law.eids import eid_in_words, eid_lineage
from content.law.units import KINDS_BELOW_ARTICLE
from content.text.speech import spoken_text

FACTS = json.loads(Path(os.environ["RIVAL_FACTS"]).read_text())
PUBLIC_URL = FACTS["public_url"]
API = f"{PUBLIC_URL}/api/v1"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CONSOLIDATED = "consolidated_text"
ACT = (
    "a.key AS act_key, a.number AS act_number, a.title AS act_title, a.doc_type AS act_type, "
    "a.issued_on AS act_issued_on, a.is_sample AS act_is_sample, a.completeness AS act_completeness"
)
DOCUMENT = (
    "SELECT d.*, o.key AS issuer_key, o.code AS issuer_code, o.name AS issuer_name FROM content_legaldocument d "
    "LEFT JOIN content_organisation o ON o.id = d.issuer_id WHERE d.status = 'published'"
)
EVENTS = 'SELECT * FROM content_statusevent WHERE document_id = ANY($1::bigint[]) ORDER BY "on", id'
DOUBTS = (
    f"SELECT e.*, {ACT} FROM content_effectdoubt e JOIN content_legaldocument a ON a.id = e.act_id "
    "WHERE e.document_id = ANY($1::bigint[]) ORDER BY e.from_on, e.id"
)
TOPICS = (
    "SELECT f.legaldocument_id, t.key, t.number, t.name FROM content_legaldocument_topics f "
    "JOIN content_topic t ON t.id = f.topic_id WHERE f.legaldocument_id = ANY($1::bigint[]) ORDER BY t.position"
)
AMENDMENTS = (
    f"SELECT m.*, {ACT} FROM content_amendment m JOIN content_legaldocument a ON a.id = m.act_id "
    'WHERE m.document_id = $1 AND m.withdrawn_at IS NULL ORDER BY m."on", m.id'
)
SHOWN = "(v.valid_from IS NULL OR v.valid_from <= $2) AND (v.valid_until IS NULL OR v.valid_until > $2)"
UNITS = (
    "SELECT p.id, p.parent_id, p.eid, p.kind, p.number, p.position, p.codification_code, v.heading, v.text, "
    f"v.made_by_id, v.id AS version_id FROM content_provision p JOIN content_provisionversion v "
    f"ON v.provision_id = p.id AND {SHOWN} WHERE p.document_id = $1"
)
OUTLINE = (
    "SELECT p.id, p.parent_id, p.eid, p.kind, p.number, p.position, v.heading, v.made_by_id FROM content_provision p "
    f"JOIN content_provisionversion v ON v.provision_id = p.id AND {SHOWN} "
    "WHERE p.document_id = $1 AND p.kind <> ALL($3::text[]) ORDER BY p.position"
)
REMOVED = (
    "SELECT DISTINCT ON (v.provision_id) p.id, p.parent_id, p.eid, p.kind, p.number, p.position, v.heading, "
    "v.ended_by_id FROM content_provisionversion v JOIN content_provision p ON p.id = v.provision_id "
    "WHERE p.document_id = $1 AND v.valid_until <= $2 AND v.ended_by_id = ANY($3::bigint[]) "
    "AND NOT (p.id = ANY($4::bigint[])) AND ({under}) ORDER BY v.provision_id, v.valid_until DESC"
)
FILE = "SELECT imported_at, sha256, size FROM content_originalfile WHERE document_id = $1 ORDER BY id DESC LIMIT 1"
ANCESTORS = (
    "WITH RECURSIVE above AS (SELECT id, parent_id, 0 AS steps FROM content_provision WHERE id = $3 UNION ALL "
    "SELECT p.id, p.parent_id, steps + 1 FROM content_provision p JOIN above ON p.id = above.parent_id) "
    f"SELECT p.eid, p.kind, p.number, v.heading FROM above JOIN content_provision p ON p.id = above.id "
    f"JOIN content_provisionversion v ON v.provision_id = p.id AND {SHOWN} WHERE p.document_id = $1 ORDER BY steps DESC"
)
VERSIONS = (
    "SELECT p.eid, v.valid_from, v.valid_until, v.made_by_id, v.ended_by_id FROM content_provisionversion v "
    "JOIN content_provision p ON p.id = v.provision_id "
    "WHERE p.document_id = $1 AND (p.eid = $2 OR starts_with(p.eid, $3)) ORDER BY v.id"
)
LINKS = (
    f'SELECT m.version_id, m.start, m."end", m.target_id, m.eids, p.document_id AS own, {ACT} FROM content_mention m '
    "JOIN content_legaldocument a ON a.id = m.target_id AND a.status = 'published' "
    "JOIN content_provisionversion v ON v.id = m.version_id JOIN content_provision p ON p.id = v.provision_id "
    "WHERE m.version_id = ANY($1::bigint[]) ORDER BY m.version_id, m.start"
)
EXISTING = (
    "SELECT document_id, eid FROM content_provision WHERE document_id = ANY($1::bigint[]) AND eid = ANY($2::text[])"
)
FOLLOWING = (
    "INSERT INTO notifications_follow (reader_id, document_id, kinds, frequency, created_at) "
    "VALUES ($1, $2, $3, $4, now()) ON CONFLICT (reader_id, topic_id, document_id, organisation_id, article_id, "
    "question_id, event_id, contest_id, province_id, playlist_id) "
    "DO UPDATE SET kinds = excluded.kinds, frequency = excluded.frequency "
    "RETURNING xmax = 0"
)
STARTING = (
    "UPDATE notifications_device SET id_kind = $5, platform = $6, app_version = $7, last_seen_at = now(), "
    "dead_at = NULL WHERE secret_hash = $1 AND installation_key = $2 AND registration_id = $3 AND language = $4 "
    "RETURNING id_kind, platform, app_version, language, last_seen_at"
)


# -- pieces of the JSON


def document_url(key):
    return f"{API}/documents/{key}"


def provision_url(key, eid):
    return f"{API}/documents/{key}/provisions/{eid}"


def moment(value):
    return value and value.astimezone(VIETNAM).isoformat()


def act_link(row):
    return {
        "key": row["act_key"], "url": document_url(row["act_key"]),
        "page_url": PUBLIC_URL + page_paths.document_path(row["act_key"]), "number": row["act_number"],
        "title": row["act_title"], "is_sample": row["act_is_sample"], "completeness": row["act_completeness"],
    }  # fmt: skip


def own_link(row):
    return {
        "key": row["key"], "url": document_url(row["key"]),
        "page_url": PUBLIC_URL + page_paths.document_path(row["key"]), "number": row["number"], "title": row["title"],
        "is_sample": row["is_sample"], "completeness": row["completeness"],
    }  # fmt: skip


def cited_act(row):
    return cite_document(
        SimpleNamespace(
            doc_type=row["act_type"], number=row["act_number"], title=row["act_title"], issued_on=row["act_issued_on"]
        )
    )


def cited(row):
    return SimpleNamespace(
        doc_type=row["doc_type"], number=row["number"], title=row["title"], issued_on=row["issued_on"]
    )


def as_event(row):
    return SimpleNamespace(
        kind=row["kind"], scope=row["scope"], on=row["on"], stated_on=row["stated_on"], eids=row["eids"], pk=row["id"],
        amendment_id=row["amendment_id"], cause=row["cause"],
    )  # fmt: skip


def as_doubt(row):
    return SimpleNamespace(
        kind=row["kind"], scope=row["scope"], from_on=row["from_on"], until_on=row["until_on"], eids=row["eids"],
        pk=row["id"], row=row,
    )  # fmt: skip


def doubts_on(doubts, day, eid=""):
    counting = [each for each in doubts if each.kind != "amends" and rules.counts_on(each, day)]
    return [each for each in counting if not eid or each.scope == "whole" or rules.event_covers(each, eid)]


def doubt_representation(doubts):
    first = min(doubts, key=lambda each: (each.scope != "whole", each.from_on, each.pk), default=None)
    if first is None:
        return None
    row = first.row
    place = eid_in_words(row["source_eid"])
    act = f"{cited_act(row)}, {place}" if place else cited_act(row)
    return {
        "kind": row["kind"], "scope": row["scope"], "eids": row["eids"], "on": row["on"],
        "words": FACTS["doubt"] % {"act": act, "clause": row["words"][:600]}, "act": act_link(row),
        "source_eid": row["source_eid"],
        "source_url": provision_url(row["act_key"], row["source_eid"])
        if row["source_eid"]
        else document_url(row["act_key"]),
        "since": row["since"].isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


def effect_of(row, events, doubts, day):
    if row["doc_type"] == CONSOLIDATED:
        return rules.Effect(None, None, None, expiry_scheduled=False)
    return rules.effect_on(events, day, doubts)


def summary(row, topics, events, doubts, day):
    effect = effect_of(row, events, doubts, day)
    doubt = doubt_representation(doubts_on(doubts, day))
    if doubt is None and row["doc_type"] != CONSOLIDATED and rules.is_partly_expired_without_units(events, day):
        doubt = {
            "kind": "ends", "scope": "part", "eids": [], "on": None, "words": FACTS["unnamed"], "act": None,
            "source_eid": "", "source_url": None, "since": None,
        }  # fmt: skip
    status = effect.status and effect.status.value
    return {
        "key": row["key"], "url": document_url(row["key"]),
        "page_url": PUBLIC_URL + page_paths.document_path(row["key"]),
        "type": row["doc_type"], "type_name": FACTS["types"][row["doc_type"]], "number": row["number"],
        "title": row["title"], "is_sample": row["is_sample"], "completeness": row["completeness"],
        "issuer": row["issuer_key"] and {
            "key": row["issuer_key"], "url": f"{API}/organisations/{row['issuer_key']}", "code": row["issuer_code"],
            "name": row["issuer_name"],
        },
        "province": None, "commune": "",  # of no law of the bench, nor what `provenance` has as None below
        "issued_on": row["issued_on"], "effective_on": effect.effective_on, "expires_on": effect.expires_on,
        "effect_status": status, "effect_status_name": status and FACTS["statuses"][status],
        "effect_source": rules.effect_source_on(events, day, is_stated=row["effect_stated_on"] is not None).value,
        "effect_doubt": doubt,
        "topics": [
            {"key": each["key"], "url": f"{API}/topics/{each['key']}", "number": each["number"], "name": each["name"]}
            for each in topics
        ],
    }, effect  # fmt: skip


class TextDates:
    """Port of content/documents/text_dates.py."""

    def __init__(self, row, events, doubts, amendments, day):
        stated = [each for each in events if each.scope == "part" and each.amendment_id is None]
        unknown = [
            each.eids for each in doubts
            if each.kind != "begins" and rules.counts_on(each, day)
            and (each.kind == "amends" or (each.scope == "part" and each.eids))
        ]  # fmt: skip
        later, self.elsewhere = [], "that_day"
        if row["completeness"] == "partial":
            later = [e.eids for e in stated if e.kind in ("amended", "expires") and e.on and e.on > day]
            imported = max(filter(None, [row["created_at"], row["corrected_at"]])).astimezone(VIETNAM).date()
            self.elsewhere = "unknown" if day < imported else "that_day"
        else:
            applied = {}
            for each in amendments:
                applied.setdefault(each["on"], set()).update(each["eids"])
            unknown += [
                each.eids for each in stated
                if each.kind == "amended" and not self.are_applied(each.eids, applied.get(each.on, set()))
            ]  # fmt: skip
        self.named = {"unknown": unknown, "a_later_day": later}

    @staticmethod
    def are_applied(stated, applied):
        return bool(stated) and all(
            any(each.startswith(f"{eid}__") or each in eid_lineage(eid) for each in applied) for eid in stated
        )

    def of_all(self):
        return next((status for status, named in self.named.items() if named), self.elsewhere)

    def of_unit(self, eid):
        for status, named in self.named.items():
            eids = {each for eids in named for each in eids}
            if any(not each for each in named) or not eids.isdisjoint(eid_lineage(eid)):
                return status
            if any(each.startswith(f"{eid}__") for each in eids):
                return status
        return self.elsewhere


def unit_link(key, unit):
    return {
        "eid": unit["eid"], "kind": unit["kind"], "number": unit["number"], "heading": unit["heading"],
        "url": provision_url(key, unit["eid"]),
    }  # fmt: skip


async def shown_units(connection, row, day, with_text, amendments, parent=None):
    """[(position, dict of the unit with `amended` and `removed`, its id, its parent's id)], in order."""
    acts, shown_acts, found = {each["id"]: each for each in amendments}, {}, []

    def link(act):
        if act["id"] not in shown_acts:
            shown_acts[act["id"]] = act_link(act)
        return shown_acts[act["id"]]

    for unit in with_text:
        made_by = acts.get(unit["made_by_id"])
        amended = made_by and {"on": made_by["on"], "act": link(made_by)}
        found.append((unit["position"], unit_link(row["key"], unit) | {"amended": amended, "removed": None}, unit))
    if not amendments:
        return found
    here = {unit["id"] for unit in with_text}
    repeals = {
        each["id"]: {order["eid"] for order in json.loads(each["instructions"]) if order["action"] == "repeal"}
        for each in amendments
    }
    under = "p.parent_id = $5" if parent else "p.kind <> ALL($5::text[])"
    more = [parent or list(KINDS_BELOW_ARTICLE)]
    gone = await connection.fetch(REMOVED.format(under=under), row["id"], day, list(acts), list(here), *more)
    for unit in gone:
        ended_by = acts[unit["ended_by_id"]]
        repealed = not repeals[ended_by["id"]].isdisjoint(eid_lineage(unit["eid"]))
        outermost = unit["parent_id"] is None or unit["parent_id"] in here or unit["parent_id"] == parent
        if outermost and (repealed or unit["kind"] not in KINDS_BELOW_ARTICLE):
            shown = unit_link(row["key"], unit)
            shown["url"] += f"?as_of={ended_by['on'] - datetime.timedelta(days=1)}"
            removed = {"on": ended_by["on"], "act": link(ended_by), "is_repealed": repealed}
            found.append((unit["position"], shown | {"amended": None, "removed": removed}, unit))
    return sorted(found, key=lambda each: each[0])


async def one_document(connection, key):
    row = await connection.fetchrow(f"{DOCUMENT} AND d.key = $1", key)
    if row is None:
        return None
    events = [as_event(each) for each in await connection.fetch(EVENTS, [row["id"]])]
    doubts = [as_doubt(each) for each in await connection.fetch(DOUBTS, [row["id"]])]
    return row, events, doubts


# -- the answers, as bytes


async def detail(connection, key, day):
    row, events, doubts = await one_document(connection, key)
    topics = await connection.fetch(TOPICS, [row["id"]])
    amendments = await connection.fetch(AMENDMENTS, row["id"])
    with_text = await connection.fetch(OUTLINE, row["id"], day, list(KINDS_BELOW_ARTICLE))
    original = await connection.fetchrow(FILE, row["id"])
    body, effect = summary(row, topics, events, doubts, day)
    roots, nodes = [], {}
    for _position, shown, unit in await shown_units(connection, row, day, with_text, amendments):
        nodes[unit["id"]] = node = shown | {"children": []}
        (nodes[unit["parent_id"]]["children"] if unit["parent_id"] in nodes else roots).append(node)
    return orjson.dumps(body | {
        "expiry_scheduled": effect.expiry_scheduled, "effect_stated_on": row["effect_stated_on"], "effect_note": None,
        "consolidates": [], "citation": cite_document(cited(row)), "signer": row["signer"],
        "gazette_number": row["gazette_number"], "gazette_on": row["gazette_on"],
        "updated_at": moment(row["updated_at"]),
        "provenance": {
            "source": row["source"], "source_url": row["source_url"] or None,
            "legal_value": "official" if row["is_official_copy"] else "unofficial", "territory": None,
            "imported_at": moment(row["created_at"]), "fetched_at": original and moment(original["imported_at"]),
            "sha256": original and original["sha256"], "size": original and original["size"],
            "verified_at": moment(row["verified_at"]), "verified_by": row["verified_by"] or None,
            "home": None, "home_url": None, "received_at": None, "witnesses": 0,
        },
        "as_of": day, "text_is_of": TextDates(row, events, doubts, amendments, day).of_all(), "outline": roots,
    })  # fmt: skip


async def listing(connection, day, query):
    narrowed = "" if day >= datetime.datetime.now(VIETNAM).date() else "AND (issued_on IS NULL OR issued_on <= $1)"
    rows = await connection.fetch(
        f"{DOCUMENT} {narrowed} ORDER BY d.list_order DESC LIMIT 21", *([day] if narrowed else [])
    )
    page = rows[:20]
    ids = [row["id"] for row in page]
    topics, events, doubts = {}, {}, {}
    for each in await connection.fetch(TOPICS, ids):
        topics.setdefault(each["legaldocument_id"], []).append(each)
    for each in await connection.fetch(EVENTS, ids):
        events.setdefault(each["document_id"], []).append(as_event(each))
    for each in await connection.fetch(DOUBTS, ids):
        doubts.setdefault(each["document_id"], []).append(as_doubt(each))
    following = None
    if len(rows) > 20:
        position = urlencode({"p": page[-1]["list_order"]}).encode()
        fields = sorted([*query, ("cursor", base64.b64encode(position).decode())])
        following = f"{API}/documents?{urlencode(fields)}"
    results = []
    for row in page:
        known = row["id"]
        body, _effect = summary(row, topics.get(known, []), events.get(known, []), doubts.get(known, []), day)
        results.append(body)
    return orjson.dumps({"next": following, "previous": None, "results": results})


async def provision(connection, key, eid, day):
    row, events, doubts = await one_document(connection, key)
    amendments = await connection.fetch(AMENDMENTS, row["id"])
    units = await connection.fetch(
        f"{UNITS} AND (p.eid = $3 OR starts_with(p.eid, $4)) ORDER BY p.position", row["id"], day, eid, f"{eid}__"
    )
    own = units[0]
    ancestors = await connection.fetch(ANCESTORS, row["id"], day, own["parent_id"])
    beside = f"{UNITS} AND p.kind = 'article' AND p.position"
    before = await connection.fetchrow(
        f"{beside} < $3 ORDER BY p.position DESC LIMIT 1", row["id"], day, own["position"]
    )
    after = await connection.fetchrow(f"{beside} > $3 ORDER BY p.position LIMIT 1", row["id"], day, own["position"])
    versions = await connection.fetch(VERSIONS, row["id"], eid, f"{eid}__")
    mentions = await connection.fetch(LINKS, [each["version_id"] for each in units])
    wanted = {each for mention in mentions for each in mention["eids"]}
    existing = set()
    if wanted:
        targets = list({each["target_id"] for each in mentions})
        existing = {tuple(each) for each in await connection.fetch(EXISTING, targets, list(wanted))}
    under = [each for each in units if each["parent_id"] == own["id"]]
    children = await shown_units(connection, row, day, under, amendments, parent=own["id"])
    effect = rules.Effect(None, None, None, expiry_scheduled=False)
    if row["doc_type"] != CONSOLIDATED:
        effect = rules.provision_effect_on(events, eid, day, doubts)
    text = "".join(each["text"] for each in units)
    status = effect.status and effect.status.value
    return orjson.dumps(unit_link(key, own) | {
        "key": f"{key}~{eid}",
        "citation": cite_provision(cited(row), [SimpleNamespace(**each) for each in [*ancestors, own]]),
        "text": text, "links": links(units, mentions, existing),
        "page_url": PUBLIC_URL + page_paths.provision_path(key, eid), "effect_status": status,
        "effect_status_name": status and FACTS["statuses"][status],
        "effect_doubt": doubt_representation(doubts_on(doubts, day, eid)),
        "effective_on": effect.effective_on, "expires_on": effect.expires_on,
        "expiry_scheduled": effect.expiry_scheduled, "as_of": day,
        "text_is_of": TextDates(row, events, doubts, amendments, day).of_unit(eid),
        "versions": history(key, eid, versions, {each["id"]: each for each in amendments}),
        "speech_text": spoken_text(text), "codification_code": own["codification_code"], "document": own_link(row),
        "ancestors": [unit_link(key, each) for each in ancestors],
        "children": [shown for _position, shown, _unit in children],
        "previous": before and unit_link(key, before), "next": after and unit_link(key, after),
    })  # fmt: skip


def links(units, mentions, existing):
    by_version = {}
    for each in mentions:
        by_version.setdefault(each["version_id"], []).append(each)
    found, at = [], 0
    for unit in units:
        for each in by_version.get(unit["version_id"], ()):
            eids = [eid for eid in each["eids"] if (each["target_id"], eid) in existing]
            if each["eids"] and not eids and each["target_id"] == each["own"]:
                continue
            key, first = each["act_key"], eids[0] if eids else ""
            found.append({
                "start": each["start"] + at, "end": each["end"] + at, "document": act_link(each), "eids": eids,
                "url": provision_url(key, first) if first else document_url(key),
                "page_url": PUBLIC_URL + page_paths.provision_path(key, first),
            })  # fmt: skip
        at += len(unit["text"])
    return found


def history(key, eid, versions, amendments):
    acts = {each["valid_until"]: amendments.get(each["ended_by_id"]) for each in versions}
    acts |= {each["valid_from"]: amendments.get(each["made_by_id"]) for each in versions if each["made_by_id"]}
    days = sorted({day for each in versions for day in (each["valid_from"], each["valid_until"]) if day})
    found = []
    for own in sorted(
        (each for each in versions if each["eid"] == eid), key=lambda each: each["valid_from"] or datetime.date.min
    ):
        first, last = own["valid_from"] or datetime.date.min, own["valid_until"] or datetime.date.max
        starts = [own["valid_from"], *(day for day in days if first < day < last)]
        for start, end in zip(starts, [*starts[1:], own["valid_until"]], strict=True):
            act, address = acts.get(start) if start else None, provision_url(key, eid)
            found.append({
                "valid_from": start, "valid_until": end, "url": f"{address}?as_of={start}" if start else address,
                "act": act and act_link(act),
            })  # fmt: skip
    return found


async def follow(connection, secret, key, form):
    """Follow a document as the product does, without the FCM topics that hang on it: ours has them to do as well."""
    async with connection.transaction():
        reader = await connection.fetchval(
            "SELECT r.id FROM notifications_device d JOIN content_reader r ON r.id = d.reader_id "
            "WHERE d.secret_hash = $1 FOR NO KEY UPDATE OF r",
            hashlib.sha256(secret.encode()).hexdigest(),
        )
        row = await connection.fetchrow(f"{DOCUMENT} AND d.key = $1", key)
        created = await connection.fetchval(FOLLOWING, reader, row["id"], form["kinds"], form["frequency"])
        body = {
            "key": key, "url": f"{API}/follows/document/{key}", "target": "document",
            "subject": {"key": key, "url": document_url(key), "name": row["title"]},
            "kinds": form["kinds"], "frequency": form["frequency"],
        }  # fmt: skip
        return created, orjson.dumps(body)


async def start_again(connection, secret, key, form):
    """A start of an app whose registration id and language are those of before. None: something else to do."""
    row = await connection.fetchrow(
        STARTING, hashlib.sha256(secret.encode()).hexdigest(), key, form["registration_id"], form["language"],
        form["id_kind"], form["platform"], form["app_version"],
    )  # fmt: skip
    return row and orjson.dumps({
        "key": key, "url": f"{API}/devices/{key}", "id_kind": row["id_kind"], "platform": row["platform"],
        "app_version": row["app_version"], "language": row["language"], "last_seen_at": moment(row["last_seen_at"]),
        "secret": None,
    })  # fmt: skip


async def stored(connection, path):
    """The bytes and the ETag of an answer that was stored before."""
    return await connection.fetchrow("SELECT etag, body FROM rivals.stored WHERE path = $1", path)


def as_day(text):
    return datetime.date.fromisoformat(text) if text else datetime.datetime.now(VIETNAM).date()


async def new_pool():
    return await asyncpg.create_pool(**FACTS["database"], min_size=1, max_size=4)


def fastapi_app():
    from fastapi import FastAPI, Request, Response

    @contextlib.asynccontextmanager
    async def lifespan(app):
        app.state.pool = await new_pool()
        yield

    app = FastAPI(lifespan=lifespan)

    def answer(body):
        return Response(body, media_type="application/json")

    @app.get("/api/v1/documents")
    async def documents(request: Request, as_of: str = ""):
        async with app.state.pool.acquire() as connection:
            return answer(await listing(connection, as_day(as_of), request.query_params.multi_items()))

    @app.get("/api/v1/documents/{key}")
    async def document(key: str, as_of: str = ""):
        async with app.state.pool.acquire() as connection:
            return answer(await detail(connection, key, as_day(as_of)))

    @app.get("/api/v1/documents/{key}/provisions/{eid}")
    async def unit(key: str, eid: str, as_of: str = ""):
        async with app.state.pool.acquire() as connection:
            return answer(await provision(connection, key, eid, as_day(as_of)))

    @app.get("/stored/{path:path}")
    async def kept(request: Request, path: str):
        async with app.state.pool.acquire() as connection:
            row = await stored(connection, path)
        headers = {"ETag": row["etag"]}
        if request.headers.get("if-none-match") == row["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(row["body"], media_type="application/json", headers=headers)

    @app.put("/api/v1/follows/document/{key}")
    async def put(key: str, request: Request):
        form = {"kinds": [], "frequency": "instant"} | orjson.loads(await request.body())
        async with app.state.pool.acquire() as connection:
            secret = request.headers["authorization"].removeprefix("Bearer ")
            created, body = await follow(connection, secret, key, form)
        return Response(body, media_type="application/json", status_code=201 if created else 200)

    @app.put("/api/v1/devices/{key}")
    async def start(key: str, request: Request):
        form = orjson.loads(await request.body())
        async with app.state.pool.acquire() as connection:
            secret = request.headers["authorization"].removeprefix("Bearer ")
            return answer(await start_again(connection, secret, key, form))

    return app


class WithAnswersInMemory:
    """The cache of api/reads in front of an ASGI application. Log line, quota and metrics are ours alone.

    An answer is known by path, sorted query, language, encoding and day, and forgotten when public data changed.
    """

    def __init__(self, app):
        self.app, self.answers, self.listener = app, {}, None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        if self.listener is None:
            self.listener = await asyncpg.connect(**FACTS["database"])
            await self.listener.add_listener("luatmo_public", lambda *_said: self.answers.clear())
        key = self.key(scope)
        answer = self.answers.get(key)
        if answer is None:
            answer = await self.made(scope, receive)
            self.answers[key] = answer
        for message in answer:
            await send(message)
        return None

    def key(self, scope):
        query = tuple(sorted(scope["query_string"].split(b"&")))
        asked = {name: value for name, value in scope["headers"] if name in (b"accept-language", b"accept-encoding")}
        language, encoding = asked.get(b"accept-language", b""), b"gzip" in asked.get(b"accept-encoding", b"")
        return scope["path"], query, language, encoding, datetime.datetime.now(VIETNAM).date()

    async def made(self, scope, receive):
        messages = []

        async def keep(message):
            messages.append(message)

        await self.app(scope, receive, keep)
        return messages


def remembering_app():
    """FastAPI with the same cache."""
    return WithAnswersInMemory(fastapi_app())


def litestar_app():
    from litestar import Litestar, Response, get

    state = {}

    async def start():
        state["pool"] = await new_pool()

    def answer(body):
        return Response(body, media_type="application/json")

    @get("/api/v1/documents/{key:str}")
    async def document(key: str, as_of: str = "") -> Response[bytes]:
        async with state["pool"].acquire() as connection:
            return answer(await detail(connection, key, as_day(as_of)))

    return Litestar([document], on_startup=[start], openapi_config=None)
