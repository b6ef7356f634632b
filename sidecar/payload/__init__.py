"""Bodies to segments, and back."""
