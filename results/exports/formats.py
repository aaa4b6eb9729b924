"""The formats that there are, and the one way to write any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jam.models import Jam
from results.bundle import layout, write
from results.exports import archive, document, flat, network, sinks, workbook
from results.exports.errors import ExportRefused
from results.exports.snapshot import snapshot

ZIP = ".zip"


@dataclass(frozen=True)
class Format:
    """`to_sink` for formats of several files, which become a folder or a zip; `to_file` for those of one."""

    name: str
    title: str
    about: str
    suffix: str
    media_type: str
    to_sink: Callable[[Jam, sinks.Sink], None] | None = None
    to_file: Callable[[Jam, Path], None] | None = None
    may_hold: tuple[str, ...] = ()


FORMATS = {
    each.name: each
    for each in (
        Format(
            "bundle",
            "Jam bundle",
            "Everything, to keep or to load into this or another site. Nothing is lost.",
            ZIP,
            "application/zip",
            to_sink=write.write,
            may_hold=layout.FILES,
        ),
        Format(
            "csv",
            "CSV tables",
            "Forums, people, posts and votes as flat tables, for statistics.",
            ZIP,
            "application/zip",
            to_sink=flat.write,
        ),
        Format(
            "xlsx",
            "Spreadsheet",
            "The same tables as sheets of one workbook, for Excel and LibreOffice.",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            to_file=workbook.write,
        ),
        Format(
            "json",
            "JSON",
            "The same tables as one document, for programs.",
            ".json",
            "application/json",
            to_file=document.write,
        ),
        Format(
            "html",
            "Archive of pages",
            "Every forum and thread as pages to read, from the disk or on any web space, without e-mail addresses.",
            ZIP,
            "application/zip",
            to_sink=archive.write,
        ),
        Format(
            "graphml",
            "Reply network",
            "Who answered whom and how often, for Gephi, Cytoscape or networkx.",
            ".graphml",
            "application/graphml+xml",
            to_file=network.write,
        ),
    )
}


def export(jam: Jam, format_name: str, path: Path, *, force: bool = False) -> None:
    """Writes `jam` to `path`: whole, or not at all.

    A format of several files becomes a zip if `path` ends in .zip, else a folder. Raises ExportRefused if `path` cannot
    be written, or is a folder with something in it and not `force`.
    """
    chosen = FORMATS[format_name]
    try:
        with snapshot():
            jam = Jam.objects.get(pk=jam.pk)
            if chosen.to_file is not None:
                with sinks.new_file(path) as unfinished:
                    chosen.to_file(jam, unfinished)
            elif chosen.to_sink is not None:
                is_zip = path.suffix.lower() == ZIP
                new = sinks.new_zip(path) if is_zip else sinks.new_folder(path, force=force, may_hold=chosen.may_hold)
                with new as sink:
                    chosen.to_sink(jam, sink)
    except OSError as error:
        raise ExportRefused(f"{path} cannot be written: {error.strerror or error}.") from error
