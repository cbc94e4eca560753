"""Existing public lines get their chain, and the newest line is found by an index. Both may be run again.

The columns are read by name here, for the model of that time has no services. What a line consists of is that of
`content/changes/chain.py`, which never changes: other installations have stored chains.
"""

import datetime
import hashlib
import secrets

import rfc8785
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

BATCH = 500
CHANGE_LOG = 4_713_001
COLUMNS = ('event_type', 'nature', 'subject', 'eids', 'topics', 'organisation', 'hash_before', 'hash_after', 'notify')
LINK = """UPDATE content_change SET chain = new.chain, facts_salt = new.salt
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, chain, salt) WHERE content_change.id = new.id"""


def chain_of(before, change, salt):
    line = {'key': str(change.pk)} | {name: getattr(change, name) for name in COLUMNS}
    line['changed_at'] = change.changed_at.astimezone(datetime.UTC).isoformat(timespec='microseconds')
    line['facts_digest'] = hashlib.sha256(salt.encode() + rfc8785.dumps(change.facts)).hexdigest()
    return hashlib.sha256(before.encode() + rfc8785.dumps(line)).hexdigest()


def chain_lines(apps, schema_editor):
    rows = apps.get_model('content', 'Change').objects.using(schema_editor.connection.alias).filter(reader=None)
    after, before, more = 0, '', True
    while more:
        with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            cursor.execute('SELECT pg_advisory_xact_lock(%s)', [CHANGE_LOG])
            batch = list(rows.filter(pk__gt=after).order_by('pk')[:BATCH])
            new = [change for change in batch if not change.chain]
            for change in batch:
                if not change.chain:
                    change.facts_salt = secrets.token_hex(16)
                    change.chain = chain_of(before, change, change.facts_salt)
                before, after = change.chain, change.pk
            cursor.execute(LINK, [[each.pk for each in new], [each.chain for each in new], [each.facts_salt for each in new]])
        more = len(batch) == BATCH


class Migration(migrations.Migration):
    atomic = False  # an index is built beside the writers, and each batch of lines is committed

    dependencies = [
        ('content', '0199_public_lines_are_chained'),
    ]

    operations = [
        migrations.RunPython(chain_lines, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name='change',
            index=models.Index(condition=models.Q(('reader', None)), fields=['id'], name='changes_public'),
        ),
    ]
