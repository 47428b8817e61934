"""One page a file; each is a function that loads, checks, fills a form, acts and responds."""
