"""The page of the workbench and the single file that needs no server."""
