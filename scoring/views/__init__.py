"""One page a file; each is a function that loads, checks, acts and responds."""
