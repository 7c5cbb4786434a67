"""Maps for print: a frame at a true scale with legend, grid, arrow, scale bar and notes."""
