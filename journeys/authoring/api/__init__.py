"""Journeys and their versions, for other tools."""
