"""Plans that an office keeps to publish by: whole, but for the date and the review number."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from geo.errors import InputError
from layers.store.durable import write_file
from layers.yaml_text import load_yaml

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SUFFIX: Final = ".yaml"


class TemplateNameError(InputError):
    """A template cannot have this name. Params: ``name``."""

    code = "layers.publication.template_name"


class DamagedTemplateError(InputError):
    """A template cannot be read. Params: ``name``."""

    code = "layers.publication.template_damaged"


class PlanTemplates:
    """A folder of plans as YAML, which people may edit, too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names of all, in order."""
        if not self._folder.is_dir():
            return []
        stems = (path.stem for path in self._folder.glob(f"*{_SUFFIX}"))
        return sorted(stem for stem in stems if _NAME.fullmatch(stem))

    def read(self, name: str) -> dict[str, Any]:
        """Return the plan of a template as plain values.

        Raises
        ------
        DamagedTemplateError
            It is no plan.
        """
        try:
            content = load_yaml((self._folder / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as exc:
            raise DamagedTemplateError(name=name) from exc
        if not isinstance(content, dict):
            raise DamagedTemplateError(name=name)
        return content

    def keep(self, name: str, plan: dict[str, Any], taken: frozenset[str]) -> None:
        """Keep a plan under a name; one of the same name gives way.

        Raises
        ------
        TemplateNameError
            It is no name, or that of a theme that ships.
        """
        if not _NAME.fullmatch(name):
            raise TemplateNameError(name=name[:80])
        if name in taken:
            raise TemplateNameError(name=name)
        self._folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
        write_file(self._folder / f"{name}{_SUFFIX}", text.encode("utf-8"))
