"""A file for whoever pressed a button."""

from collections.abc import Sequence

from flask import Response, make_response
from werkzeug.exceptions import NotFound
from werkzeug.http import dump_options_header
from werkzeug.utils import secure_filename

from groundwork.spreadsheets import Cell, csv_of, xlsx_of

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, media_type: str, *name: str) -> Response:
    """`name`: its parts, the last with the ending; letters a file system may not take are left out."""
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    filename = secure_filename("-".join(part for part in name if part)) or "file"
    answer.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": filename})
    return answer


def table_file(name: str, kind: str, rows: Sequence[Sequence[Cell]]) -> Response:
    """`kind`: csv, xlsx; NotFound for another. The first row names the columns."""
    if kind == "csv":
        return download(csv_of(rows), CSV, f"{name}.csv")
    if kind == "xlsx":
        return download(xlsx_of([(name, rows)]), XLSX, f"{name}.xlsx")
    raise NotFound
