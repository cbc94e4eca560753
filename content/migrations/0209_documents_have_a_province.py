"""Documents know the province, and the commune, whose body issued them. No row is written and none is read.

0210 builds the identity with it; 0211 marks those that were published without one, and asks it of all others.
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = """
ALTER TABLE content_legaldocument
    ADD COLUMN province_id bigint NULL,
    ADD COLUMN commune_code varchar(5) NOT NULL DEFAULT '',
    ADD COLUMN commune_name varchar(100) NOT NULL DEFAULT '',
    ADD COLUMN lacks_province boolean NOT NULL DEFAULT false;
ALTER TABLE content_legaldocument ADD CONSTRAINT content_legaldocument_province_id_fk FOREIGN KEY (province_id)
    REFERENCES content_province (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""


class Migration(migrations.Migration):

    dependencies = [("content", "0208_facts_of_local_bodies")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(COLUMNS)],
            [
                migrations.AddField(
                    "legaldocument",
                    "province",
                    models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="content.province"),
                ),
                migrations.AddField("legaldocument", "commune_code", models.CharField(blank=True, db_default="", default="", max_length=5)),
                migrations.AddField("legaldocument", "commune_name", models.CharField(blank=True, db_default="", default="", max_length=100)),
                migrations.AddField("legaldocument", "lacks_province", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
        ),
    ]
