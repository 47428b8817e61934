"""The scoring engine: values in, values out; no Django, no database, no clock.

    from scoring.engine import DocumentError, ENGINE_VERSION, LABEL_WORDS, solve

    result = solve(document, on_progress=lambda done, total: ...)

`solve` takes a `triage/1` document (a dict of plain JSON types) and gives a `triage-result/1` document (the
same), also where nothing is feasible; it raises DocumentError(field, reason) for a document that is wrong.
The same document, seed included, always gives the same result. `on_progress` is called as units of work are
completed.

From a shell: `python -m scoring.engine < portfolio.json > result.json`. Both documents are described in
docs/engine.md and docs/contract.
"""

from scoring.engine.document import parse_text
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.reading import DocumentError
from scoring.engine.run import solve
from scoring.engine.version import ENGINE_VERSION

__all__ = ["ENGINE_VERSION", "LABEL_WORDS", "DocumentError", "parse_text", "solve"]
