"""The demo organization: real journeys, invented people, honest histories."""
