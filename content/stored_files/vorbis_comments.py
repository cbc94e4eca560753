"""Comments as Vorbis, Opus, FLAC, Speex and Theora write them: names, places, covers. Emptied without a new length."""

COUNT = bytes(4)  # of comments: none
FRAMING = b"\x01"  # Vorbis ends its comments with a bit that is set


def empty_comments(magic: bytes, length: int, *, framing: bool) -> tuple[bytes, bytes] | None:
    """(the first bytes, the last ones) of comments that are `length` bytes long, say nothing, and have zeros between.

    `magic`: what is before the comments. The name of the program becomes a string of zeros that fills the place. Zeros
    behind the comments would be as short, but only Opus (RFC 7845, 5.2) says that a decoder takes them. None: no
    comments fit in.
    """
    tail = COUNT + FRAMING * framing
    zeros = length - len(magic) - 4 - len(tail)
    return (magic + zeros.to_bytes(4, "little"), tail) if zeros >= 0 else None
