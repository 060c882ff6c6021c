"""Files opened by programs that are not ours (T-16): each part by an XML parser, the whole by LibreOffice."""

import subprocess
from pathlib import Path
from zipfile import ZipFile

from lxml import etree


def broken_parts(path: Path) -> list[str]:
    """Parts of an Office file that are not well-formed XML, and damaged ones."""
    with ZipFile(path) as parts:
        found = [parts.testzip()] if parts.testzip() else []
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                try:
                    etree.fromstring(parts.read(name), etree.XMLParser(recover=False, huge_tree=True))
                except etree.XMLSyntaxError:
                    found.append(name)
    return found


def by_libreoffice(paths: list[Path], out: Path) -> list[Path]:
    """The files as PDF, drawn by LibreOffice in one run; `out` is a new folder."""
    profile = f"-env:UserInstallation=file://{out}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", out / "drawn", *paths]
    subprocess.run(command, check=True, capture_output=True, timeout=60 + 20 * len(paths))
    return sorted((out / "drawn").glob("*.pdf"))


def text_of(path: Path) -> str:
    """The text of a PDF. Raises where pdftotext complains."""
    run = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    assert run.stderr == "", run.stderr
    return run.stdout


def fonts_outside(path: Path) -> list[str]:
    """Fonts that a PDF names and does not carry."""
    run = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True)
    return [row for row in run.stdout.splitlines()[2:] if row.split()[-5] != "yes"]
