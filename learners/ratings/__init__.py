"""How learners rate themselves, on the anchors of the day."""
