"""Who wrote and who last revised a draft contest, apart: before, whoever revised it took the place of the author."""

from django.db import migrations

SQL = """
UPDATE content_contest c SET written_by_id = planned.by_id, revised_by_id = c.written_by_id
FROM content_auditrow planned
WHERE planned.action = 'contest.planned' AND planned.subject = c.key AND planned.by_id <> c.written_by_id
    AND c.status = 'draft' AND c.revised_by_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0205_ranks_have_a_version"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
