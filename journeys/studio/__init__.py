"""The studio: where a designer authors a journey inside the admin."""
