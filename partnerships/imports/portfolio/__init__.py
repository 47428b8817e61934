"""An organisation's own spreadsheet becomes its portfolio: read, planned row by row, shown, and only then written."""
