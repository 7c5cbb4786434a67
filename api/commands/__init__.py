"""The commands of ``ftzgis``, a module for each subject; heavy imports inside them."""
