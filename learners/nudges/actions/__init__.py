"""What the engine writes: four loops, the switch, the inbox, and people's wish to be left alone."""
