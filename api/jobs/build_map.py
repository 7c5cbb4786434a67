"""x."""


def build_single_file(w, l): ...
