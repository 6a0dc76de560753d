"""Reading one setting from the environment or from a file the environment names."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    default: str
    meaning: str


def read(name: str, setting: Setting) -> str:
    """`THREADLINE_<name>`, else the content of the file `THREADLINE_<name>_FILE`, else the default.

    Raises:
        SystemExit: the file is named but can not be read. A silent default would hide a wrong secret.
    """
    variable = f"THREADLINE_{name}"
    if variable in os.environ:
        return os.environ[variable]
    path = os.environ.get(f"{variable}_FILE")
    if not path:
        return setting.default
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SystemExit(f"{variable}_FILE names {path!r}, which can not be read: {error}. Mend the path.") from error
