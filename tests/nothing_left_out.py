"""``python -m tests.nothing_left_out REPORT NAME…``: every named group of tests was run, and no test was skipped.

A group is the tests that carry the marker of that name; ``tests/conftest.py`` writes it into pytest's report.
"""

from __future__ import annotations

import sys
from xml.etree import ElementTree


def complaints(report: ElementTree.Element, groups: list[str]) -> list[str]:
    """What was left out according to a JUnit report, a line each; nothing where all is well."""
    ran: dict[str, int] = dict.fromkeys(groups, 0)
    found = []
    for case in report.iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("skipped") is not None:
            found.append(f"{name} was skipped.")
            continue
        for one in case.iter("property"):
            if one.get("name") == "needs" and one.get("value") in ran:
                ran[str(one.get("value"))] += 1
    found += [f"No test of the group '{group}' was run." for group, count in ran.items() if count == 0]
    return found


def main(path: str, groups: list[str]) -> int:
    # Our own pytest wrote this file a moment ago.
    found = complaints(ElementTree.parse(path).getroot(), groups)  # noqa: S314
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
