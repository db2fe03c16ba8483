"""What Waymark keeps about a person: all of it handed out, all of it erased. Every model says its own part."""
