"""Segments to findings."""
