"""One stream of random numbers for each named quantity, so that what-ifs share their draws.

The stream depends on the seed and the name alone: not on the order of the document, nor on what else is in
it.
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *name: str) -> np.random.Generator:
    """A generator for the quantity of this name."""
    text = "\x1f".join(f"{len(part)}:{part}" for part in name)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    words = [int.from_bytes(digest[n : n + 4], "little") for n in range(0, 16, 4)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
