"""Files that go out: what people take away to edit, and can bring back."""
