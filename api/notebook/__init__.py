"""The front door for notebooks and scripts: the same operations as the command line and HTTP.

Examples
--------
>>> from api.notebook import open_planning
>>> plan = open_planning("office-data", lang="en")  # doctest: +SKIP
>>> plan.check("site.zip", nature="urban_building").verdict  # doctest: +SKIP
'conflict'
"""

from api.notebook.doors import Refused
from api.notebook.planning import Planning, open_planning
from api.notebook.results import Result, ResultFile

__all__ = ["Planning", "Refused", "Result", "ResultFile", "open_planning"]
