"""What the pages must never do, whoever asks and whatever is sent: generated from the addresses, forms and models."""
