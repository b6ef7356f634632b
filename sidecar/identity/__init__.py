"""Who calls, and for whom."""
