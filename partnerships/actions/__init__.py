"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""
