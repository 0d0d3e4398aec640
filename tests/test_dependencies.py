"""docs/dependencies.md names exactly what the project depends on, and every package is pinned."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
NAME = re.compile(r"^[A-Za-z0-9-]+")


def names(requirements: list[str]) -> set[str]:
    return {found[0].lower() for requirement in requirements if (found := NAME.match(requirement))}


def shown_under(title: str) -> set[str]:
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    return {row.split("|")[1].strip().lower() for row in section.splitlines() if row.startswith("| ")} - {"package"}


def test_run_time_dependencies_are_each_justified() -> None:
    assert shown_under("At run time") == names(PROJECT["dependencies"]) | names(
        PROJECT["optional-dependencies"]["central"]
    )


def test_test_dependencies_are_each_justified() -> None:
    assert shown_under("For the tests") == names(PROJECT["optional-dependencies"]["test"])


def test_every_dependency_is_pinned_and_no_address_is_recorded() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in pins}
    wanted = names(PROJECT["dependencies"]).union(*map(names, PROJECT["optional-dependencies"].values()))
    assert wanted <= pinned
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in pins)


def test_vendored_files_are_listed_with_their_version() -> None:
    htmx = (ROOT / "floor_app" / "web" / "static" / "vendor" / "htmx.min.js").read_text(encoding="utf-8")
    version = re.search(r'version:"([0-9.]+)"', htmx)
    assert version
    assert f"| `floor_app/web/static/vendor/htmx.min.js` | {version[1]} |" in PAGE
    vendored = {path.name for path in (ROOT / "floor_app" / "web" / "static" / "vendor").iterdir()}
    listed = {"htmx.min.js", "htmx.LICENSE.txt", "zxing_reader.js", "zxing_reader.wasm", "zxing_reader.LICENSE.txt"}
    assert vendored == listed
    assert all(f"{name}`" in PAGE for name in listed)
