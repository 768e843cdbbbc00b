"""What files of the project say of other files is true."""

import re
from pathlib import Path
from subprocess import check_output
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = re.compile(r"[\w./-]*\w\.md\b")
CODE: Final = re.compile("`([^`\n]+)`")
SECURITY: Final = ROOT / "docs/security.md"
TEXTS: Final = frozenset(
    ("", ".py", ".md", ".in", ".txt", ".cfg", ".toml", ".yml", ".ini", ".example")
)


def texts() -> list[Path]:
    """Return the files of the project that people read."""
    listed = check_output(("git", "ls-files", "-z"), cwd=ROOT, text=True)
    named = (ROOT / name for name in listed.split("\0") if name)
    return [one for one in named if one.suffix in TEXTS and one.is_file()]


def names(path: Path) -> set[str]:
    """Return the documents that a file names."""
    return set(DOCUMENT.findall(path.read_text(errors="ignore")))


def is_ours(document: Path) -> bool:
    """Tell whether it is a file of the project, whatever lies beside the clone."""
    return document.is_file() and document.resolve().is_relative_to(ROOT)


def test_every_document_that_is_named_exists() -> None:
    """Below the project's folder, or beside the file that names it."""
    missing = {
        (str(path.relative_to(ROOT)), name)
        for path in texts()
        for name in names(path)
        if not (is_ours(ROOT / name) or is_ours(path.parent / name))
    }

    assert not missing


def test_the_table_of_requirements_names_modules_and_tests_that_exist() -> None:
    """All numbers are there once, in their order."""
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", SECURITY.read_text(), re.MULTILINE)
    wrong = [name for _, row in rows for name in CODE.findall(row) if not exists(name)]

    assert [int(number) for number, _ in rows] == [*range(1, 47), *range(1, 31)]
    assert not wrong


def exists(name: str) -> bool:
    """Tell whether there is such a module, or such a test in its file."""
    place, _, test = name.partition("::")
    if ".py" not in place:
        return True
    if test:
        return f"def {test}(" in (ROOT / "tests" / place).read_text()
    folders = (ROOT, ROOT / "src" / "prilavok", ROOT / "tests")
    return any((folder / place).is_file() for folder in folders)
