"""The bare things that figures are held against."""
