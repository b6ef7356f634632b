"""What was decided, durable and checkable."""
