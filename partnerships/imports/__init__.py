"""Files that come in: read into plain values, refused where they cannot be used."""
