"""The corpus and the labelled questions about it, for the benches of search."""

import datetime
import hashlib
import json
import math
import random
import unicodedata
from collections import Counter
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
SETS = {
    "zalo": DATA / "questions_zalo_dev.jsonl",
    "traffic": DATA / "qa_traffic_dev.jsonl",
    "alqac": DATA / "questions_alqac_dev.jsonl",
}
TRAINING_SETS = [SETS["zalo"], SETS["traffic"]]
LAY_TERMS = Path(__file__).with_name("lay_terms.tsv")
SHORT_QUERIES = 400
MAX_GOLD = 20  # articles: words that more titles have ask for none of them
LAWS = {  # as ALQAC calls them; the corpus has no text of the Constitution
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
# The questions are of 2020 to 2024, and labelled with the law of then. A fifth of Zalo's ask for articles of Decree
# 100/2019/NĐ-CP that Decree 168/2024/NĐ-CP repealed the day after: as of today nobody should find them.
DAY_OF_LABELS = datetime.date(2024, 12, 31)
CORPUS = ["documents.jsonl.gz", *(f"phapdien_articles_{part}.jsonl.gz" for part in (1, 2, 3))]


def import_corpus():
    """Import the corpus unless the database has one, and rebuild the search index if it is stale."""
    from content.passages.models import Passage
    from content.search.index import services

    if not Passage.objects.exists():
        throwaway.import_and_publish([DATA / name for name in CORPUS])
    if services.is_index_stale():
        services.rebuild_index()


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


def short_queries(number=SHORT_QUERIES):
    """[(2 to 5 words of the title of an article, articles whose titles have them)]: labelled by the corpus itself."""
    rng, titles, found = random.Random(1), _titles(), {}
    for _ in range(number * 20):  # a small corpus has fewer
        if len(found) == number or not titles:
            break
        words = rng.choice(titles)[0].split()
        length = rng.randint(2, 5)
        start = rng.randint(0, max(len(words) - length, 0))
        run = " ".join(words[start : start + length])
        gold = _holding(titles, run)
        if len(words) >= length and len(gold) <= MAX_GOLD:
            found[run] = gold
    return list(found.items())


def valid_then():
    """The passages, or the versions, that were valid on DAY_OF_LABELS."""
    from django.db.models import Q

    began = Q(valid_from=None) | Q(valid_from__lte=DAY_OF_LABELS)
    return began & (Q(valid_until=None) | Q(valid_until__gt=DAY_OF_LABELS))


def _titles():
    """[(folded words of a title between blanks, keys of its article)] of the articles valid on DAY_OF_LABELS."""
    from content.documents.models import ProvisionVersion
    from content.passages.models import Passage
    from content.text import lexemes

    heads = ProvisionVersion.objects.filter(valid_then(), provision__kind="article").exclude(heading="")
    heads = heads.filter(provision__in=Passage.objects.values("provision"))
    heads = heads.order_by("provision__document__number", "provision__eid")
    return [
        (f" {' '.join(lexemes.words(heading))} ", [(key(each), article) for each in number.split(";")])
        for number, article, heading in heads.values_list("provision__document__number", "provision__number", "heading")
    ]


def _holding(titles, run):
    return {each for title, keys in titles if f" {run} " in title for each in keys}


def lay_terms():
    """[(what lay people type, {(number as one word, article)} that answers it)] of our own."""
    rows = [line.split("\t") for line in LAY_TERMS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    golds = [[article.rpartition(" ")[::2] for article in articles.split("|")] for _, articles in rows]
    return [
        (text, {(key(number), article) for number, article in gold})
        for (text, _), gold in zip(rows, golds, strict=True)
    ]


def key(number):
    return unicodedata.normalize("NFC", number).lower().replace(" ", "")


def without_accents(text):
    """The text as somebody types it without accents."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def half(question):
    """0: looked at while tuning; 1: held out. Chosen by the words, so that a question always stays in its half."""
    return hashlib.sha256(" ".join(without_accents(question).lower().split()).encode()).digest()[0] % 2


def measures(ranked, golds, ks=(1, 5, 10, 20)):
    """{measure: mean} of ranked lists of keys against sets of right keys."""
    total = Counter()
    for keys, gold in zip(ranked, golds, strict=True):
        for k in ks:
            total[f"R@{k}"] += len(set(keys[:k]) & gold) / len(gold)
        places = [place for place, each in enumerate(keys[:10]) if each in gold]
        total["MRR@10"] += 1 / (places[0] + 1) if places else 0
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(gold))))
        total["nDCG@10"] += sum(1 / math.log2(place + 2) for place in places) / ideal
    return {name: total[name] / max(len(golds), 1) for name in [*(f"R@{k}" for k in ks), "MRR@10", "nDCG@10"]}
