"""The five plans for Decision 766 that were found are public, each with the address at which it was read.

The pages also say the days: three are older than the merger of 2025-07-01, so the committees of that time adopted them.
What somebody changed here is left alone.

They become public as the targets and measurements of 0215 did: facts that come with a release are approved by the release,
so they have neither a line in the change log nor a row in the audit. The first line about one is of its correction.
"""

import datetime

from django.db import migrations
from django.utils import timezone

DAY = datetime.date
TITLE = (
    "Kế hoạch thực hiện Đề án “Chuyển đổi số trong công tác phổ biến, giáo dục pháp luật giai đoạn 2025 - 2030” "
    "trên địa bàn tỉnh %s"
)
PAGES = "https://nhansu.vn/van-ban-phap-luat/"
READ = (  # key of the draft, who adopted it, the day, the province in its title, the page
    ("kh-de-an-766-ubnd-68-lam-dong-2025-5756-kh-ubnd", "ubnd-68-lam-dong", DAY(2025, 5, 29), "Lâm Đồng",
     f"{PAGES}Ke-hoach-5756-KH-UBND-2025-thuc-hien-Chuyen-doi-so-cong-tac-pho-bien-giao-duc-phap-luat-Lam-Dong-661525.html"),
    ("kh-de-an-766-ubnd-62-kon-tum-1956-kh-ubnd", "ubnd-62-kon-tum", DAY(2025, 5, 30), "Kon Tum",
     "https://vanban123.vn/Ke-hoach/Ke-hoach-1956-KH-UBND-nam-2025-thuc-hien-De-an-Chuyen-doi-so-trong-cong-tac-pho-bien-giao-duc-phap-luat-giai-doan-2025-2030-tren-dia-ban-tinh-Kon-Tum-685034"),
    ("kh-de-an-766-ubnd-24-bac-ninh-2025-184-kh-ubnd", "ubnd-24-bac-ninh-2025", DAY(2025, 12, 27), "Bắc Ninh",
     f"{PAGES}Ke-hoach-184-KH-UBND-2025-Chuyen-doi-so-cong-tac-pho-bien-giao-duc-phap-luat-Bac-Ninh-687110.html"),
    ("kh-de-an-766-ubnd-40-nghe-an-2025-671-kh-ubnd", "ubnd-40-nghe-an-2025", DAY(2025, 8, 14), "Nghệ An",
     f"{PAGES}Ke-hoach-671-KH-UBND-2025-thuc-hien-De-an-Chuyen-doi-so-trong-pho-bien-giao-duc-phap-luat-Nghe-An-677596.html"),
    ("kh-de-an-766-ubnd-56-khanh-hoa-2025-1322-qd-ubnd", "ubnd-56-khanh-hoa", DAY(2025, 5, 22), "Khánh Hòa",
     f"{PAGES}Quyet-dinh-1322-QD-UBND-2025-De-an-Chuyen-doi-so-cong-tac-pho-bien-giao-duc-phap-luat-Khanh-Hoa-659722.html"),
)


def publish(apps, schema_editor):
    """May run again. A draft that somebody changed, and a plan that somebody entered beside it, stay as they are.

    So does a draft whose adopter has another key here.
    """
    plans, bodies = apps.get_model("content", "Plan").objects, apps.get_model("content", "Organisation").objects
    now = timezone.now()
    for key, adopter, day, province, page in READ:
        draft = plans.filter(key=key, status="draft", written_by=None, source_url="", document=None, file=None).first()
        body = bodies.filter(key=adopter).first()
        if draft is None or body is None or plans.filter(
            programme=draft.programme, adopter=body, year=None, number_key=draft.number_key, adopted_on=day
        ).exists():
            continue
        plans.filter(pk=draft.pk).update(
            adopter=body, adopted_on=day, title=TITLE % province, source_url=page, status="published",
            published_at=now, updated_at=now,
        )


class Migration(migrations.Migration):
    dependencies = [("content", "0242_event_types_of_targets_are_validated")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
