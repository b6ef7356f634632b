"""Names and addresses in languages other than English, each behind the same small interface."""
