"""What a designer fills in: no JSON anywhere."""
