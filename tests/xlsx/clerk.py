# SPDX-License-Identifier: Apache-2.0
"""clerk.py FOLDER [TABLE]

Fills scoring sheets as a clerk does: LibreOffice opens each workbook below
FOLDER, types what TABLE (unit,node,input,value[,stage]) says into the cells
of the sheet, and saves it. Without TABLE every cell of the self-score that
takes something gets an entry: the first choice of a list, and numbers that
are worse from one workbook to the next. Typing is real: LibreOffice reads
"3,5" in the sheet's language, keeps its validations and refuses what is locked.

Prints a line for each workbook: its name, the cells typed, and the total and
percent that LibreOffice then shows."""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import DisposedException

from book import letters


# The decimal comma, and dd/mm/yyyy.
VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"
 oor:op="fuse"><value>vi-VN</value></prop></item></oor:items>
"""


def option(name, value):
    p = PropertyValue()
    p.Name, p.Value = name, value
    return p


class Office:
    """A LibreOffice of its own, by a pipe; ended by its own handle."""

    def __enter__(self):
        self.home = tempfile.mkdtemp()
        os.mkdir(f"{self.home}/user")
        with open(f"{self.home}/user/registrymodifications.xcu", "w",
                  encoding="utf-8") as file:
            file.write(VIETNAMESE)
        pipe = f"clerk{os.getpid()}"
        self.process = subprocess.Popen(
            ["soffice", f"-env:UserInstallation=file://{self.home}", "--headless",
             "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(240):
            try:
                context = resolver.resolve(
                    f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if self.process.poll() is not None:
                    raise
                time.sleep(0.25)
        manager = context.ServiceManager
        self.desktop = manager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context)
        self.dispatcher = manager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", context)
        return self

    def __exit__(self, *_):
        try:
            self.desktop.terminate()
        except Exception:
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def open(self, path):
        return self.desktop.loadComponentFromURL(
            path.resolve().as_uri(), "_blank", 0, (option("Hidden", True),))


def keys_of(sheet):
    """Rows and columns by the keys that the sheet hides."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    data = sheet.getCellRangeByPosition(
        0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow).DataArray
    top = next(i for i, row in enumerate(data) if row[0] == "#key")
    columns = {key: i for i, key in enumerate(data[top]) if key}
    rows = {row[0]: i for i, row in enumerate(data) if i > top and row[0]}
    return rows, columns


def first_choice(document, validation):
    """The first cell of the range that a list takes its choices from."""
    name, place = re.match(r"\$?'?([^'.]+)'?\.(\$?[A-Z]+\$?\d+)",
                           validation.getFormula1()).groups()
    sheet = document.Sheets.getByName(name)
    return sheet.getCellRangeByName(place.replace("$", "")).String


def entries(document, sheet, rows, columns, place):
    """An entry for each cell that the unit may fill."""
    keys = sorted((k for k in rows if ":" in k), key=rows.get)
    for key in keys:
        node, name = key.split(":")
        cell = sheet.getCellByPosition(columns["self"], rows[key])
        if cell.CellProtection.IsLocked:
            continue
        inputs = [k for k in keys if k.split(":")[0] == node]
        if cell.Validation.Type.value == "LIST":
            value = first_choice(document, cell.Validation)
        elif len(inputs) > 1 and key == inputs[1]:
            value = "10"
        elif len(inputs) > 1:
            value = str(10 - place)
        else:
            value = str(max(3 - place, 0))
        yield node, name, value, "self"


def fill(office, path, wanted, place):
    document = office.open(path)
    sheet = document.Sheets.getByIndex(0)
    frame = document.CurrentController.Frame
    rows, columns = keys_of(sheet)
    if wanted is None:
        wanted = list(entries(document, sheet, rows, columns, place))
    typed = 0
    for node, name, value, stage in wanted:
        row = rows.get(f"{node}:{name}" if name else node)
        if row is None:  # a leaf with one input
            row = next(r for k, r in rows.items() if k.split(":")[0] == node)
        cell = f"${letters(columns[stage])}${row + 1}"
        office.dispatcher.executeDispatch(
            frame, ".uno:GoToCell", "", 0, (option("ToPoint", cell),))
        office.dispatcher.executeDispatch(
            frame, ".uno:EnterString", "", 0, (option("StringName", value),))
        typed += 1
    document.calculateAll()
    root = min(rows.values())
    shown = [sheet.getCellByPosition(columns[k], root).String
             for k in ("self_points", "final_points") if k in columns]
    document.storeToURL(path.resolve().as_uri(), (
        option("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
    return typed, shown


def main():
    folder, wanted = pathlib.Path(sys.argv[1]), {}
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                wanted.setdefault(row["unit"], []).append(
                    (row["node"], row["input"], row["value"],
                     row.get("stage") or "final"))
    books = sorted(folder.rglob("*.xlsx"))
    done = {}
    # LibreOffice may go away under load; what it left is typed once more.
    for attempt in range(3):
        try:
            with Office() as office:
                for place, path in enumerate(books):
                    if path in done:
                        continue
                    unit = path.name.split(" ")[0]
                    done[path] = fill(
                        office, path,
                        wanted.get(unit, []) if wanted else None, place)
            break
        except DisposedException:
            if attempt == 2:
                raise
    for path in books:
        typed, shown = done[path]
        print(path.name, typed, *shown)


main()
