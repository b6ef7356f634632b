"""Facts to a decision."""
