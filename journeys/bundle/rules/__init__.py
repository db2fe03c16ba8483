"""Pure parts of the bundle format: YAML in, YAML out, places of faults."""
