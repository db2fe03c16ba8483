"""Reads of bundles from folders, and of versions as bundles."""

from journeys.bundle.queries.reading import Bundle, read_bundle
from journeys.bundle.queries.writing import bundle_files, text_files

__all__ = ["Bundle", "bundle_files", "read_bundle", "text_files"]
