"""Keys in rule data; how they are made is told in content.kinds.keys."""

from collections.abc import Mapping

from content.kinds.keys import MAX_KEY, is_key, mint_key, slug_of

__all__ = ["MAX_KEY", "is_key", "mint_key", "renamed", "slug_of"]


def renamed(value: object, names: Mapping[str, str]) -> object:
    """
    Return rule data with each key reference renamed; what is not in names stays.

    names: by MODULE and MODULE/STEP. Only references are touched: texts that happen to equal a key are values of other
    keys, never of these.
    """
    if isinstance(value, list | tuple):
        return [renamed(part, names) for part in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _renamed_value(str(key), part, names) for key, part in value.items()}


def _renamed_value(key: str, value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, str) and key in ("completed", "passed", "failed", "rated", "released", "module", "step"):
        return names.get(value, value)
    if isinstance(value, str) and key == "from":
        kind, colon, reference = value.partition(":")
        return f"{kind}{colon}{names.get(reference, reference)}" if colon and kind != "event" else value
    return renamed(value, names)
