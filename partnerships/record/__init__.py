"""Reading the record of who did what: which lines, in what order, of what names, in which words.

Writing it is the database's (``partnerships.recording``) and, for deeds, ``partnerships.audit``.
"""
