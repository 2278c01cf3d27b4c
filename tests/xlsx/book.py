# SPDX-License-Identifier: Apache-2.0
"""Workbooks made by hand, part by part, so that each can be wrong on purpose.
The standard library only."""
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# styles of cells: plain, bold, date, percent, text
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    "<fonts><font/><font><b/></font></fonts><fills><fill/></fills>"
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
    '<xf fontId="0"/><xf fontId="1"/><xf numFmtId="164"/><xf numFmtId="9"/>'
    '<xf numFmtId="49"/></cellXfs></styleSheet>'
)
PLAIN, BOLD, DATE, PERCENT, TEXT = range(5)


def letters(column):
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class Number(str):
    """A number as it is spelled in the file."""


class Raw(str):
    """What stands within <c>, with its attributes: 't="e"|<v>#N/A</v>'."""


def cell(row, column, value, style=PLAIN):
    """One cell; a str becomes an inline string."""
    if value is None or value == "":
        return ""
    place = f'r="{letters(column)}{row + 1}" s="{style}"'
    if isinstance(value, Raw):
        attributes, inside = value.split("|", 1)
        return f"<c {place} {attributes}>{inside}</c>"
    if isinstance(value, Number):
        return f"<c {place}><v>{value}</v></c>"
    return (
        f'<c {place} t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(value)}</t></is></c>"
    )


def sheet(rows, merges=(), hidden=(), bold=(), before="", styles=None):
    """XML of a sheet. `rows` is {row: [values]} or a list, from 0."""
    rows = rows if isinstance(rows, dict) else dict(enumerate(rows))
    out = [f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>']
    for number in sorted(rows):
        attribute = ' hidden="1"' if number in hidden else ""
        out.append(f'<row r="{number + 1}"{attribute}>')
        for column, value in enumerate(rows[number]):
            style = BOLD if number in bold else PLAIN
            if styles and (number, column) in styles:
                style = styles[number, column]
            out.append(cell(number, column, value, style))
        out.append("</row>")
    out.append("</sheetData>")
    if merges:
        out.append(f'<mergeCells count="{len(merges)}">')
        out += [f'<mergeCell ref="{m}"/>' for m in merges]
        out.append("</mergeCells>")
    out.append("</worksheet>")
    return "".join(out)


def parts(sheets, workbook_attributes=""):
    """The parts of a workbook: {name of sheet: XML}. A name that begins with
    '!' is that of a hidden sheet."""
    listed = "".join(
        f'<sheet name="{escape(name.lstrip("!"))}" sheetId="{i}" r:id="rId{i}"'
        + (' state="hidden"' if name.startswith("!") else "")
        + "/>"
        for i, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/worksheet" '
        f'Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    out = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}">'
        f"{workbook_attributes}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{HEAD}<Relationships "
        f'xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for i, xml in enumerate(sheets.values(), 1):
        out[f"xl/worksheets/sheet{i}.xml"] = xml
    return out


def write(path, content, compression=zipfile.ZIP_DEFLATED):
    """A zip of the parts, in their order, without dates."""
    with zipfile.ZipFile(path, "w", compression) as z:
        for name, data in content.items():
            z.writestr(zipfile.ZipInfo(name), data, compression)
