"""Every saved page and object of a folder through `import_documents`, twice, with its report.

    .venv/bin/python bench/raw_samples.py [FOLDER]

On a throw-away PostgreSQL. Exit code 1 where a file is skipped, where a document has no article, or where a second
run changes anything.
"""

import argparse
import io
import sys
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/raw-samples"
    options.add_argument("folder", nargs="?", type=Path, default=default, metavar="FOLDER")
    asked = options.parse_args()
    throwaway.start()
    first, second = (imported(asked.folder) for _ in range(2))
    print(first)
    from content.documents.models import LegalDocument

    bare = LegalDocument.objects.exclude(provisions__kind="article").values_list("key", flat=True)
    files = sum(file.is_file() for file in asked.folder.iterdir())
    wrong = [*bare, *(line for line in first.splitlines() if line.startswith("bỏ qua "))]
    changed = "(0 mới, 0 sửa, " not in second
    print(f"second run: {second.splitlines()[-1]}")
    print(f"raw samples: {files} files, {LegalDocument.objects.count()} documents, {len(wrong)} wrong")
    sys.exit(bool(wrong or changed))


def imported(folder):
    from django.core.management import CommandError, call_command

    from content.management.commands.import_documents import LEFT_AS_DRAFTS

    output = io.StringIO()
    try:
        call_command("import_documents", folder, "--publish", stdout=output)
    except CommandError as left:  # some have heavy notices; the report says which
        if left.returncode != LEFT_AS_DRAFTS:
            raise
    return output.getvalue()


if __name__ == "__main__":
    main()
