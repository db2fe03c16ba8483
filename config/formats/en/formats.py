"""Formats of English pages."""

# The administration shows the moments of everybody in one zone, and says which.
DATETIME_FORMAT = "N j, Y, P T"
