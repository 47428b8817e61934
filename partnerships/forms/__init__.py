"""Forms of the ground floor, one page a file."""
