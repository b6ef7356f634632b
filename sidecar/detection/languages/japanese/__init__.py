"""Japanese, at a basic level: what a dictionary calls a person or a place, and addresses."""
