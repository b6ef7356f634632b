"""Recognizers that work in any text, one kind of data per file. All are Presidio's ``EntityRecognizer``.

Their classes are called scanners: Presidio finds its own recognizers by the names of all classes that are loaded.
"""
