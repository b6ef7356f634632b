"""Journals for others to read, one file per format."""
