"""The survey's instrument and its arithmetic: values in, values out. Knows no Django, database, clock or settings."""

from diagnostics.instrument.definition import Instrument, InstrumentError, Item, Page
from diagnostics.instrument.loading import (
    BY_PARTNERS,
    BY_US,
    CURRENT,
    as_text,
    instrument,
    load,
    shipped_versions,
    versions_like,
)

__all__ = [
    "BY_PARTNERS",
    "BY_US",
    "CURRENT",
    "Instrument",
    "InstrumentError",
    "Item",
    "Page",
    "as_text",
    "instrument",
    "load",
    "shipped_versions",
    "versions_like",
]
