"""Labelled questions and the corpus they are about, for the benches of search."""

import hashlib
import json
import math
import unicodedata
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
SETS = {
    "zalo": DATA / "questions_zalo_dev.jsonl",
    "traffic": DATA / "qa_traffic_dev.jsonl",
    "alqac": DATA / "questions_alqac_dev.jsonl",
}
LEARNT_FROM = [SETS["zalo"], SETS["traffic"]]
LAWS = {  # as ALQAC calls them; of the Constitution the corpus has no text
    "Bộ luật dân sự": "91/2015/QH13",
    "Luật An ninh mạng": "24/2018/QH14",
    "Luật Bảo vệ môi trường": "72/2020/QH14",
    "Luật Chăn nuôi": "32/2018/QH14",
    "Luật Cư trú": "68/2020/QH14",
    "Luật Du lịch": "09/2017/QH14",
    "Luật Giáo dục": "43/2019/QH14",
    "Luật Hôn nhân và gia đình": "52/2014/QH13",
    "Luật Phòng, chống ma túy": "73/2021/QH14",
    "Luật Thanh niên": "57/2020/QH14",
    "Luật Tiếp cận thông tin": "104/2016/QH13",
    "Luật Trọng tài thương mại": "54/2010/QH12",
    "Luật Trồng trọt": "31/2018/QH14",
    "Luật Tố tụng hành chính": "93/2015/QH13",
    "Luật Viên chức": "58/2010/QH12",
    "Luật Điện ảnh": "05/2022/QH15",
}
CORPUS = ["documents.jsonl.gz", *(f"phapdien_articles_{part}.jsonl.gz" for part in (1, 2, 3))]


def imported():
    """Fill the database with the corpus through our own importer, unless it is there; and count its words."""
    from content.documents.importing import runs  # noqa: PLC0415 (after Django is set up)
    from content.documents.passages.models import Passage  # noqa: PLC0415
    from content.search import services  # noqa: PLC0415

    if not Passage.objects.exists():
        files = runs.files([DATA / name for name in CORPUS])
        runs.run(files, topics=[], publish=True, notify=False, progress=lambda lines: None)
    if services.is_stale():
        services.count()


def questions(path):
    """[(question, {(number as one word, article)})] of a file of labelled questions."""
    found = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "references" in row:
            gold = {(key(each["number"]), str(each["article"])) for each in row["references"]}
        else:
            gold = {_gold(each) for each in row["relevant"]} - {None}
        if gold:
            found.append((row["question"], gold))
    return found


def _gold(relevant):
    if "law_key" in relevant:
        return key(relevant["law_key"]), str(relevant["article"])
    return (key(LAWS[relevant["law_id"]]), relevant["article_id"]) if relevant.get("law_id") in LAWS else None


def key(number):
    return unicodedata.normalize("NFC", number).lower().replace(" ", "")


def bare(text):
    """As somebody types it who leaves the accents out."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def half(question):
    """0: looked at while tuning; 1: kept aside. By the words, so that a question stays in its half for ever."""
    return hashlib.sha256(" ".join(bare(question).lower().split()).encode()).digest()[0] % 2


def measured(ranked, golds, ks=(1, 5, 10, 20)):
    """{measure: mean} of lists of keys, best first, against sets of keys."""
    total = Counter()
    for keys, gold in zip(ranked, golds, strict=True):
        for k in ks:
            total[f"R@{k}"] += len(set(keys[:k]) & gold) / len(gold)
        places = [place for place, each in enumerate(keys[:10]) if each in gold]
        total["MRR@10"] += 1 / (places[0] + 1) if places else 0
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(gold))))
        total["nDCG@10"] += sum(1 / math.log2(place + 2) for place in places) / ideal
    return {name: total[name] / max(len(golds), 1) for name in [*(f"R@{k}" for k in ks), "MRR@10", "nDCG@10"]}
