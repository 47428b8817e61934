"""The recommendation as files that people open, edit and take to a board."""

from scoring.exports.workbook import WORKBOOK_TYPE, recommendation_workbook

__all__ = ["WORKBOOK_TYPE", "recommendation_workbook"]
