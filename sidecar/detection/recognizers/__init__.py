"""Recognizers that work in any text, one kind of data per file. All are Presidio's ``EntityRecognizer``."""
