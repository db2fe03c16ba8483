"""Bringing a new version of a journey to people who are under way, and taking that back."""
