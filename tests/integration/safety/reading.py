"""Which query parameters a page reads, so that each of them is tried where it is read, and by itself: a page that
refuses one does not come to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict


@contextmanager
def reading() -> Iterator[set[str]]:
    """The names that are asked for, whether or not the address has them, while pages are opened inside."""
    names = set[str]()

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(query: QueryDict, name: Any, *default: Any, **more: Any) -> Any:
            names.add(str(name))
            return method(query, name, *default, **more)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            patch.setattr(QueryDict, method, noting(getattr(QueryDict, method)))
        yield names
