"""Reads about messages."""
