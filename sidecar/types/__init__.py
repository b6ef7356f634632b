"""The nouns, one file per family. Frozen, without I/O, known to every room."""
