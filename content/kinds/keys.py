"""Keys of activities and of their parts; how they are made is told in config.support.keys."""

from config.support.keys import MAX_KEY, is_key, mint_key, slug_of

__all__ = ["MAX_KEY", "is_key", "mint_key", "slug_of"]
