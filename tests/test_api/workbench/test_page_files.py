"""The page's modules as they are served. Oracle: the rules of HTTP caching, and the files."""

import re
from pathlib import Path

import maps

STATIC = Path(maps.__file__).parent / "static"


def test_modules_are_kept_for_good_under_their_digest_and_nowhere_else(shared_client) -> None:
    page = shared_client.get("/?lang=en", headers={"accept": "text/html"}).text
    (address,) = re.findall(r'modulepreload" href="(static/v-[0-9a-f]{12}/app/main\.js)"', page)
    served = shared_client.get(address)
    assert served.text == (STATIC / "app" / "main.js").read_text("utf-8")
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]
    # The map's script imports the very same address, so that there is one copy of each module.
    script = re.findall(r'type="module" src="(m/\w+\.js)"', page)[0]
    assert shared_client.get(script).text.startswith(f'import {{ start }} from "../{address}";\n')
    other = re.sub(r"v-[0-9a-f]{12}", "v-000000000000", address)
    assert shared_client.get(other).status_code == 404
    assert "cache-control" not in shared_client.get("/static/app/main.js").headers


def test_no_address_of_a_module_leaves_the_folder(shared_client) -> None:
    page = shared_client.get("/?lang=en", headers={"accept": "text/html"}).text
    (first,) = re.findall(r'modulepreload" href="(static/v-[0-9a-f]{12})/app/main\.js"', page)
    for path in ("/..%2f__init__.py", "/app/%2e%2e/%2e%2e/__init__.py", "", "/app"):
        assert shared_client.get(first + path).status_code == 404
