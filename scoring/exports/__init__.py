"""The recommendation as files that people open, edit and take to a board."""

from scoring.exports.workbook import recommendation_workbook

__all__ = ["recommendation_workbook"]
