"""How Waymark writes moments: with their time zone."""
