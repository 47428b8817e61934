"""The engine's version: it changes whenever the same document could give another answer."""

ENGINE_VERSION = "1.11.0"
