"""Messages as people read them: a few plain values in, a Letter with text and HTML out. No table is read here."""
