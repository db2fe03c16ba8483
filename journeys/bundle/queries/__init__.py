"""Reads of bundles from folders, and of versions as bundles."""

from journeys.bundle.queries.comparing import Comparison, compare_bundle
from journeys.bundle.queries.packing import bundle_archive
from journeys.bundle.queries.reading import Bundle, read_bundle
from journeys.bundle.queries.writing import bundle_files, text_files

__all__ = ["Bundle", "Comparison", "bundle_archive", "bundle_files", "compare_bundle", "read_bundle", "text_files"]
