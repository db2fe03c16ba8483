"""Pure decisions of authoring: keys, order, and what a version holds as plain values."""
