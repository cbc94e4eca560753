"""Random keys of rows that are public: short enough to type, and they do not tell how many rows there are."""

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are easily confused


def random_key(prefix: str, length: int = 10) -> str:
    """`prefix` and that many random letters."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))
