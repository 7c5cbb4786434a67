"""What is wrong with a filter."""

from geo.errors import InputError


class FilterError(InputError):
    """A filter cannot be understood or asked of these features. Params: ``problem``, ``part``.

    ``part`` is the piece of the filter that it is about, in the words of who wrote it.
    """

    code = "geo.filter.unusable"


class FilterSyntaxError(FilterError):
    """A filter is no CQL2 text. Params: ``problem``, ``part``, ``at`` (character, from 1)."""

    code = "geo.filter.syntax"


def refuse_text(text: str, at: int) -> FilterSyntaxError:
    """Return the refusal of a text from a character on; behind its end of all that it says."""
    end = len(text.rstrip())
    part = text[at : at + 60] if at < end else f"{text[:end][-57:]}…"
    return FilterSyntaxError(problem="filter_syntax", part=part, at=min(at, end) + 1)


def refuse(problem: str, part: object) -> FilterError:
    """Return the refusal of a part of a filter, which is shown shortened."""
    return FilterError(problem=problem, part=str(part)[:60])
