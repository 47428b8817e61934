"""The survey's instrument and its arithmetic: values in, values out. Knows no Django, database, clock or settings."""

from diagnostics.instrument.definition import Instrument, InstrumentError, Item, Page
from diagnostics.instrument.loading import CURRENT, as_text, instrument, load, shipped_versions

__all__ = [
    "CURRENT",
    "Instrument",
    "InstrumentError",
    "Item",
    "Page",
    "as_text",
    "instrument",
    "load",
    "shipped_versions",
]
