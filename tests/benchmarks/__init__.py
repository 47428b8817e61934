"""Speed and memory, measured against a reference in the same run.

A benchmark is a module here with a docstring that says what is measured against what, ``QUICK = True`` where it may
run in ``make bench``, and a ``main()`` that calls ``report`` once a figure. ``python -m tests.benchmarks`` runs them.
"""

from __future__ import annotations


def say(what: str, number: float, unit: str = "") -> None:
    """Print a number that stands beside the figures."""
    print(f"{what}: {number:.4g} {unit}".rstrip(), flush=True)


def report(
    name: str,
    *,
    measured: float,
    reference: float,
    at_most: float | None = None,
    at_least: float | None = None,
    lost: int | None = None,
) -> bool:
    """Print one figure on one line; True where it is good enough.

    ``measured`` and ``reference`` are in the same unit; their ratio, measured to reference, is to be ``at_most`` or
    ``at_least`` the number given (exactly one of them is). Where something may get ``lost``, nothing has to be.
    """
    if (at_most is None) == (at_least is None):
        raise ValueError("Give either at_most or at_least.")
    ratio = measured / reference
    enough = ratio <= at_most if at_most is not None else at_least is not None and ratio >= at_least
    required = f"<={at_most:g}" if at_most is not None else f">={at_least:g}"
    enough = enough and not lost
    counted = "" if lost is None else f" lost={lost}"
    print(
        f"{name} measured={measured:.4g} reference={reference:.4g} ratio={ratio:.4g} required={required}{counted} "
        f"{'PASS' if enough else 'SHORT'}",
        flush=True,
    )
    return enough
