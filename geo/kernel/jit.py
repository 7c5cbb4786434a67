"""How the kernels are compiled: to machine code kept on disk, free of Python's lock.

No ``parallel``: numba's own threads end the process when two Python threads use them at
once, as a server does; callers share work out over threads of their own. No ``fastmath``:
it would let the compiler drop what keeps digits.
"""

from collections.abc import Callable
from typing import Literal, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compile_lazily(function: Function) -> Function:
    """Compile a function at its first call, and keep the machine code for later processes."""
    return _compiled(function, "never")


def compile_inline(function: Function) -> Function:
    """Compile a function into those that call it, where passing arguments would cost."""
    return _compiled(function, "always")


def _compiled(function: Function, inline: Literal["never", "always"]) -> Function:
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy", inline=inline)(function)
    except RuntimeError:
        # There is no folder that it could be kept in; compiling each time is only slow.
        made = numba.njit(nogil=True, error_model="numpy", inline=inline)(function)
    return cast("Function", made)
