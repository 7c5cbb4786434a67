"""HTTP routes: parameters in, one use case, its answer out."""
