"""A survey as files: the links of those who are asked, and what came of it."""

from diagnostics.exports.links import links_file
from diagnostics.exports.results import count_of_rows, results_workbook

__all__ = ["count_of_rows", "links_file", "results_workbook"]
