"""What is wrong with a filter."""

from geo.errors import InputError


class FilterError(InputError):
    """A filter cannot be understood or asked of these features. Params: ``problem``, ``part``.

    ``part`` is the piece of the filter that it is about, in the words of who wrote it.
    """

    code = "geo.filter.unusable"


def refuse(problem: str, part: object) -> FilterError:
    """Return the refusal of a part of a filter, which is shown shortened."""
    return FilterError(problem=problem, part=str(part)[:60])
