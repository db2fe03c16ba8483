"""What becomes of people, in words."""

from collections.abc import Mapping

from django.utils.translation import ngettext

from learners.rollout import rules


def count_words(counts: Mapping[str, int]) -> list[str]:
    """Return a sentence for each verdict that somebody has, in the order given."""
    return [_words(name, count) % {"n": count} for name, count in counts.items()]


def _words(name: str, n: int) -> str:
    said = {
        rules.MOVES: ngettext("One person moves.", "%(n)d people move.", n),
        rules.STARTED: ngettext(
            "One has started, and stays on their version.", "%(n)d have started, and stay on their version.", n
        ),
        rules.WOULD_FINISH: ngettext(
            "One would be through without doing anything more, and stays to finish what they began.",
            "%(n)d would be through without doing anything more, and stay to finish what they began.",
            n,
        ),
        rules.KEPT: ngettext("One stays on their version.", "%(n)d stay on their version.", n),
        rules.FINISHED: ngettext("One has finished, and stays finished.", "%(n)d have finished, and stay finished.", n),
        rules.WITHDRAWN: ngettext("One has left the cohort.", "%(n)d have left the cohort.", n),
    }
    return said[name]
