"""The process that reads one PDF: bytes on standard input, pages of text on standard output, separated by form feeds.

pdf.py starts it; nothing imports it. Limits apply before anything is read: 1 GiB of addresses, 30 seconds of CPU time.
"""

import io
import logging
import resource
import sys

import pypdf

MAX_ADDRESS_SPACE = 2**30  # bytes
MAX_CPU_SECONDS = 30
MAX_PAGES = 3_000
MAX_CHARACTERS = 32 * 2**20


def main() -> None:
    for limit, value in ((resource.RLIMIT_AS, MAX_ADDRESS_SPACE), (resource.RLIMIT_CPU, MAX_CPU_SECONDS)):
        hard = resource.getrlimit(limit)[1]
        if hard == resource.RLIM_INFINITY or hard >= value:
            resource.setrlimit(limit, (value, value))
    logging.disable(logging.CRITICAL)
    try:
        document = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if document.is_encrypted and not document.decrypt(""):
            sys.exit("it is locked with a password")
        if len(document.pages) > MAX_PAGES:
            sys.exit(f"it has more than {MAX_PAGES} pages")
        written = 0
        for number, page in enumerate(document.pages):
            text = page.extract_text().replace("\f", "\n")
            written += len(text)
            if written > MAX_CHARACTERS:
                sys.exit(f"it holds more than {MAX_CHARACTERS // 2**20} million characters")
            sys.stdout.buffer.write(("\f" if number else "").encode() + text.encode(errors="replace"))
    except MemoryError:
        sys.exit("it needs more memory than allowed")
    except Exception as error:  # pypdf raises many kinds on what is no PDF
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
