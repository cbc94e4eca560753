"""What the texts of the sample laws name, and how much of it is a link: stored, counted, some printed for the eye.

    .venv/bin/python bench/mentions.py [--documents FILE] [--draw 200] [--seed N]

The laws are imported into a throw-away database and published, which stores the mentions. A reference is what the two
other readers of references find in the same texts: numbers and names with a year (`document_references`), units
(`cited_eids`); they are counted by a program that knows nothing of mentions, so that a reader that finds nothing fails.
References to documents that the laws do not hold cannot be links; they are counted apart.

linked: of the references whose target is stored, those that a stored mention covers and leads to that target.
units: of the units that texts that amend nothing name, those that a mention of the same text names: the unit, or one
under it («Điều 13 (điểm a khoản 9)» is point a).
seconds: for one law, the median. share: of the time of the whole import, with what the worker does after it, that
reading the mentions takes, measured by reading all again in the same run. `--draw` prints that many random links with
the words around them; precision is counted by reading them. Exit code 1 where linked or
units is under .95, or share over .20.
"""

import argparse
import random
import re
import statistics
import sys
import time
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data/documents.jsonl.gz"
MIN_LINKED, MAX_SHARE = 0.95, 0.20
AMENDS = re.compile(
    r"(?:\w{1,4}[.)])?\s*(?:Sửa đổi|Bổ sung|Thay|Bỏ|Bãi bỏ)(?!\w)"
)  # its units are those of another law


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", nargs="+", type=Path, default=[DATA], metavar="FILE")
    options.add_argument("--draw", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    throwaway.start()
    before = time.perf_counter()
    report = throwaway.import_and_publish(asked.documents)
    read_change_log()
    imported = time.perf_counter() - before
    for where, reason in report.skipped:
        print("not imported:", where, reason)
    seconds = reading_seconds()
    references, linked, absent = count_links()
    units = share_of_units()
    draw(asked.draw, asked.seed)
    share = sum(seconds) / imported
    shown = f"mentions: laws={len(seconds)} references={references} linked={linked / max(references, 1):.4f}"
    print(f"{shown} absent={absent} units={units:.4f} seconds={statistics.median(seconds):.3f} share={share:.3f}")
    sys.exit(linked / max(references, 1) < MIN_LINKED or units < MIN_LINKED or share > MAX_SHARE)


def read_change_log():
    """What the worker does after an import: a name leads to the law that bore it on its day."""
    from content.endings.consumer import settle_changes
    from content.mentions.consumer import point_mentions

    while any([settle_changes(), point_mentions()]):
        pass


def reading_seconds():
    """How long the mentions of each public law take to read again; nothing may be written."""
    from content.documents.models import LegalDocument
    from content.mentions import services

    seconds = []
    for document in LegalDocument.objects.filter(status="published"):
        before = time.perf_counter()
        written = services.refresh_mentions(document)
        seconds.append(time.perf_counter() - before)
        if written:
            sys.exit(f"{document} was read again and {written} mentions were written.")
    return seconds


def count_links():
    """(references whose target is stored, those that are links to it, references to what is not stored)."""
    from content.documents.models import LegalDocument, ProvisionVersion
    from content.law.document_references import document_references, plain_text
    from content.mentions.models import Mention
    from content.relations.queries import target_documents

    references = linked = absent = 0
    for document in LegalDocument.objects.filter(status="published"):
        versions = list(ProvisionVersion.objects.filter(provision__document=document).values_list("pk", "text"))
        found = [(pk, each) for pk, text in versions for each in document_references(plain_text(text))]
        targets = target_documents([each for _, each in found], document)
        rows = {}
        for row in Mention.objects.filter(version__provision__document=document).values_list(
            "version", "start", "end", "target"
        ):
            rows.setdefault(row[0], []).append(row[1:])
        for pk, each in found:
            target = targets.get(each.key)
            if target is None or not target.is_published:
                absent += 1
                continue
            references += 1
            covering = [row for row in rows.get(pk, []) if row[0] < each.end and each.start < row[1]]
            if any(row[2] == target.pk for row in covering):
                linked += 1
            else:
                text = dict(versions)[pk]
                print("not linked:", document.number, repr(text[each.start : each.end]), covering)
    return references, linked, absent


def share_of_units():
    """The share of units named with their article, in laws whose title amends nothing, that mentions name too."""
    from content.documents.models import LegalDocument, ProvisionVersion
    from content.law.document_references import plain_text
    from content.law.grammar import cited_eids
    from content.mentions.models import Mention

    named = found = 0
    for document in LegalDocument.objects.filter(status="published").exclude(title__icontains="sửa đổi"):
        rows = {}
        for version, eids in Mention.objects.filter(version__provision__document=document).values_list(
            "version", "eids"
        ):
            rows.setdefault(version, set()).update(eids)
        versions = ProvisionVersion.objects.filter(provision__document=document, made_by=None)
        for pk, text, eid in versions.values_list("pk", "text", "provision__eid"):
            if AMENDS.match(text):
                continue
            for cited in cited_eids(plain_text(text)):
                if cited != eid:  # the mark with which an article begins
                    named += 1
                    found += any(f"{each}__".startswith(f"{cited}__") for each in rows.get(pk, ()))
    return found / max(named, 1)


def draw(count, seed):
    from content.mentions.models import Mention

    rows = list(Mention.objects.filter(target__isnull=False).values_list("pk", flat=True))
    chosen = random.Random(seed).sample(rows, min(count, len(rows)))
    for row in Mention.objects.filter(pk__in=chosen).select_related("target", "version__provision__document"):
        text, provision = row.version.text, row.version.provision
        before, after = text[max(0, row.start - 60) : row.start], text[row.end : row.end + 50]
        words = f"…{before}⟦{text[row.start : row.end]}⟧{after}…".replace("\n", "⏎")
        print(f"{provision.document.number} {provision.eid}: {words}")
        print(f"    → {row.target.number} {row.target.title[:60]} {row.eids}")


if __name__ == "__main__":
    main()
