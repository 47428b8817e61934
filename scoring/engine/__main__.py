"""`python -m scoring.engine < portfolio.json > result.json`.

Exit 0 with a result, also when nothing is feasible; exit 2 with one line on standard error for a document
that is wrong.
"""

from __future__ import annotations

import json
import sys

from scoring.engine import DocumentError, parse_text, solve

MOST_BYTES = 128 * 1024 * 1024


def main() -> int:
    """Read standard input, write standard output."""
    try:
        text = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise DocumentError("document", f"is too big; at most {MOST_BYTES // 1024 // 1024} MB are read")
        result = solve(parse_text(text))
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(result, sort_keys=True, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
