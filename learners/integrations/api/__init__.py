"""The feed that other tools follow."""
