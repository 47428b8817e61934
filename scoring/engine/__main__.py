"""`python -m scoring.engine < portfolio.json > result.json`.

Exit 0 with a result, also when nothing is feasible; exit 2 with one line on standard error for a document that is
wrong, for a call that is, and where the result cannot be written.
"""

from __future__ import annotations

import json
import os
import sys

from scoring.engine import DocumentError, parse_text, solve

MOST_BYTES = 128 * 1024 * 1024


def main() -> int:
    """Read standard input, write standard output."""
    if len(sys.argv) > 1:
        return _refuse(
            "give the document on standard input and nothing else, as in: python -m scoring.engine < it.json"
        )
    try:
        text = _standard_input()
        if len(text) > MOST_BYTES:
            raise DocumentError("document", f"is too big; at most {MOST_BYTES // 1024 // 1024} MB are read")
        result = solve(parse_text(text))
    except DocumentError as error:
        return _refuse(str(error))
    try:
        sys.stdout.write(json.dumps(result, sort_keys=True, indent=2) + "\n")
        sys.stdout.flush()
    except AttributeError:
        return _refuse("the result could not be written: standard output is closed")
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter tries again as it ends
        return _refuse(f"the result could not be written: {problem.strerror}")
    return 0


def _standard_input() -> bytes:
    """What there is to read. Raises DocumentError where standard input is closed or cannot be read."""
    try:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    except (AttributeError, OSError) as problem:
        raise DocumentError("document", "cannot be read: standard input is closed") from problem


def _refuse(reason: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{reason}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
