"""What a song resolves to, and what its sound looks like."""
