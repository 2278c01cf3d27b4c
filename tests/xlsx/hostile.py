# SPDX-License-Identifier: Apache-2.0
"""hostile.py NAME OUT: a workbook that must be refused, or that is strange and
must be read. The cases of tests/zoo/xlsx name them."""
import struct
import sys
import zipfile

sys.dont_write_bytecode = True  # nothing is left in the source tree
import book
from book import Number, Raw

HEADER = ["STT", "Tiêu chí", "Điểm tối đa", "Cách chấm"]
RULE = "Từ 80% trở lên: 1; dưới 80%: 0"
GOOD = [
    ["BỘ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"],
    [],
    HEADER,
    ["1", "Chỉ đạo, điều hành", Number("2")],
    ["1.1", "Kế hoạch", Number("1"), RULE],
    ["1.2", "Báo cáo", Number("1"), "Đúng hạn: 1; chậm: 0"],
]


def good(**more):
    return book.parts({"Phụ lục": book.sheet(GOOD, **more)})


def with_rows(*rows, **more):
    return book.parts({"Phụ lục": book.sheet(GOOD[:3] + list(rows), **more)})


def changed(**replaced):
    """The good workbook with whole parts replaced; '__' stands for '/'."""
    out = good()
    for name, data in replaced.items():
        out[NAMES[name]] = data
    return out


NAMES = {
    "sheet": "xl/worksheets/sheet1.xml",
    "workbook": "xl/workbook.xml",
    "strings": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
}


def bomb():
    """Zeros: 1 GiB in 1 MiB."""
    head, tail = book.sheet(GOOD).split("</sheetData>")
    return changed(sheet=head + "\0" * (1 << 20) + tail)


def big_bomb(path):
    head = book.sheet(GOOD).split("</sheetData>")[0].encode()
    content = good()
    del content["xl/worksheets/sheet1.xml"]
    book.write(path, content)
    blank = b" " * (1 << 20)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(head)
            for _ in range(400):
                part.write(blank)


def shared_bomb():
    """Many cells of one long shared text: small in memory, all the same."""
    text = "x" * 30000
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 2001)
    )
    return changed(
        strings=f'<sst xmlns="{book.MAIN}"><si><t>{text}</t></si></sst>',
        sheet=f'<worksheet xmlns="{book.MAIN}"><sheetData>{rows}'
        "</sheetData></worksheet>",
    )


def laughs():
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10)
    )
    return changed(
        sheet=f"<!DOCTYPE x [{entities}]>" + book.sheet(GOOD).replace(book.HEAD, "")
    )


def deep():
    return changed(
        sheet=f'<worksheet xmlns="{book.MAIN}">' + "<x>" * 100000
    )


def long_tag():
    return changed(
        sheet=f'<worksheet xmlns="{book.MAIN}" x="' + "y" * (4 << 20) + '"/>'
    )


def ole(stream):
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    return body + stream.encode("utf-16-le") + b"\0" * 512


def truncated(path):
    book.write(path, good())
    data = open(path, "rb").read()
    open(path, "wb").write(data[: len(data) // 2])


def flipped(path):
    """One byte of the compressed sheet is another."""
    book.write(path, good())
    data = bytearray(open(path, "rb").read())
    at = data.find(b"xl/worksheets/sheet1.xml") + 24 + 200
    data[at] ^= 0x55
    open(path, "wb").write(data)


def encrypted(path):
    """The bit that says a part is encrypted."""
    book.write(path, good())
    data = bytearray(open(path, "rb").read())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    open(path, "wb").write(data)


def repeated(path):
    book.write(path, good())
    with zipfile.ZipFile(path, "a") as z:
        z.writestr(zipfile.ZipInfo("xl/Workbook.xml"), "<workbook/>")


def many_parts(path):
    content = good()
    for i in range(5000):
        content[f"xl/media/{i}.bin"] = ""
    book.write(path, content, zipfile.ZIP_STORED)


def many_cells():
    """Sparse cells, and a dimension that claims all there can be."""
    rows = {i * 1000: [""] * 7 + [f"x{i}"] for i in range(10, 60)}
    for i, row in enumerate(GOOD):
        rows[i] = row
    before = '<dimension ref="A1:XFD1048576"/>'
    return book.parts({"Phụ lục": book.sheet(rows, before=before)})


def too_many_cells(path):
    content = good()
    del content["xl/worksheets/sheet1.xml"]
    book.write(path, content)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{book.MAIN}"><sheetData>'.encode())
            for row in range(21000):
                cells = "".join(
                    f"<c><v>{row * 7919 + column * 104729}</v></c>"
                    for column in range(100)
                )
                part.write(f"<row>{cells}</row>".encode())
            part.write(b"</sheetData></worksheet>")


PLACES = {
    "bomb": lambda p: big_bomb(p),
    "zeros": lambda p: book.write(p, bomb()),
    "strings": lambda p: book.write(p, shared_bomb()),
    "laughs": lambda p: book.write(p, laughs()),
    "deep": lambda p: book.write(p, deep()),
    "long-tag": lambda p: book.write(p, long_tag()),
    "truncated": truncated,
    "flipped": flipped,
    "encrypted": encrypted,
    "repeated": repeated,
    "many-parts": many_parts,
    "sparse": lambda p: book.write(p, many_cells()),
    "cells": too_many_cells,
    "xls": lambda p: open(p, "wb").write(ole("Workbook")),
    "password": lambda p: open(p, "wb").write(ole("EncryptedPackage")),
    "ods": lambda p: book.write(
        p,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "<x/>",
        },
    ),
    "docx": lambda p: book.write(p, {"word/document.xml": "<x/>"}),
    "xlsb": lambda p: book.write(p, {"xl/workbook.bin": "x"}),
    "up": lambda p: book.write(p, {**good(), "../../etc/passwd": "x"}),
    "absolute": lambda p: book.write(p, {**good(), "/etc/passwd": "x"}),
    "links": lambda p: book.write(
        p, {**good(), "xl/externalLinks/externalLink1.xml": "<x/>"}
    ),
    "macros": lambda p: book.write(p, {**good(), "xl/vbaProject.bin": "x"}),
    "encoding": lambda p: book.write(
        p,
        changed(
            sheet=book.sheet(GOOD)
            .replace("UTF-8", "windows-1258")
            .encode("cp1258", "replace")
        ),
    ),
    "bytes": lambda p: book.write(
        p, changed(sheet=book.sheet(GOOD).encode("utf-8").replace(b"K\xe1\xba", b"K\xe1"))
    ),
    "no-sheet": lambda p: book.write(
        p, {k: v for k, v in good().items() if "sheet1" not in k}
    ),
    "no-relations": lambda p: book.write(
        p, {k: v for k, v in good().items() if "rels" not in k}
    ),
    "empty": lambda p: book.write(p, book.parts({"Trang 1": book.sheet([])})),
    "formula": lambda p: book.write(
        p,
        with_rows(
            ["1", "Chỉ đạo", Raw(' |<f>SUM(C5:C6)</f><v>2</v>')],
            ["1.1", "Kế hoạch", Number("2"), RULE.replace("1;", "2;")],
        ),
    ),
    "not-calculated": lambda p: book.write(
        p, with_rows(["1", "Chỉ đạo", Raw(" |<f>SUM(C5:C6)</f>")])
    ),
    "error": lambda p: book.write(
        p, with_rows(["1", "Chỉ đạo", Raw('t="e"|<v>#N/A</v>')])
    ),
    "number": lambda p: book.write(p, with_rows(["1", "Chỉ đạo", Number("2x")])),
    "string-place": lambda p: book.write(
        p, with_rows(["1", Raw('t="s"|<v>7</v>'), Number("2")])
    ),
    "order": lambda p: book.write(
        p, changed(sheet=book.sheet(GOOD).replace('r="B5"', 'r="A5"'))
    ),
    "outside": lambda p: book.write(
        p, changed(sheet=book.sheet(GOOD).replace('r="B5"', 'r="XFE5"'))
    ),
    "merge": lambda p: book.write(p, good(merges=["B4:A1"])),
    "code-date": lambda p: book.write(
        p,
        with_rows(
            ["1", "Chỉ đạo", Number("1")],
            [Number("45566"), "Kế hoạch", Number("1")],
            styles={(4, 0): book.DATE},
        ),
    ),
    "good": lambda p: book.write(p, good()),
    "balance": lambda p: book.write(
        p, book.parts({"Phụ lục": book.sheet(GOOD[:5])})
    ),
    "repeated-code": lambda p: book.write(
        p, with_rows(*GOOD[3:5], ["1.1", "Báo cáo", Number("1"), RULE])
    ),
    "numbering": lambda p: book.write(
        p, with_rows(*GOOD[3:5], ["№ 7", "Báo cáo", Number("1"), RULE])
    ),
    "no-header": lambda p: book.write(
        p, book.parts({"Phụ lục": book.sheet([["Kính gửi"], ["Điểm", "x"]])})
    ),
    "total": lambda p: book.write(
        p,
        book.parts(
            {"Phụ lục": book.sheet(GOOD + [["", "TỔNG CỘNG", Number("3")]])}
        ),
    ),
    "hidden-row": lambda p: book.write(p, good(hidden={5})),
    "hidden-sheet": lambda p: book.write(
        p, book.parts({"!Cũ": book.sheet(GOOD[:4]), "Phụ lục": book.sheet(GOOD)})
    ),
    "binary-numbers": lambda p: book.write(
        p,
        with_rows(
            ["1", "Chỉ đạo", Number("0.30000000000000004")],
            ["1.1", "Kế hoạch", Number("1E-1"), "Có: 0,1; không: 0"],
            ["1.2", "Báo cáo", Number("0.20000000000000001"), "Có: 0,2; không: 0"],
        ),
    ),
    "two-row-header": lambda p: book.write(
        p,
        book.parts(
            {
                "PL": book.sheet(
                    [
                        ["BẢNG TIÊU CHÍ ĐÁNH GIÁ CCHC CÁC XÃ, PHƯỜNG"],
                        ["(Kèm theo Quyết định số 2456/QĐ-UBND ngày 10/9/2025)"],
                        ["STT", "Lĩnh vực, tiêu chí", "Điểm chuẩn", "Cách chấm", "", "Ghi chú"],
                        ["", "", "", "Nội dung", "Điểm", ""],
                        ["A", "CHỈ ĐẠO, ĐIỀU HÀNH", Number("5")],
                        ["1", "Ban hành kế hoạch", Number("1"), "Trước ngày 15/01", Number("1")],
                        ["", "", "", "Sau ngày 15/01", Number("0.5")],
                        ["", "", "", "Không ban hành", Number("0")],
                        ["2", "Thực hiện kế hoạch", Number("4"), "Hoàn thành 100%", Number("4")],
                        ["", "", "", "Hoàn thành từ 80% đến dưới 100%", Number("1")],
                        ["", "", "", "Hoàn thành dưới 80%", Number("0")],
                        ["B", "HIỆN ĐẠI HÓA", Number("2")],
                        ["1", "Chữ ký số", Number("2"), "Đạt: 2,0đ; không đạt: 0đ"],
                        ["", "Tổng", Number("7")],
                    ],
                    merges=["A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4", "A6:A8", "B6:B8", "C6:C8"],
                )
            }
        ),
    ),
    "observation-formula": lambda p: book.write(
        p,
        book.parts(
            {
                "Số liệu": book.sheet(
                    [
                        ["unit", "1.1:num", "1.1:den"],
                        ["a", Number("3"), Raw(" |<f>B2+1</f><v>4</v>")],
                    ]
                )
            }
        ),
    ),
    "observation": lambda p: book.write(
        p,
        book.parts(
            {
                "Số liệu": book.sheet(
                    [
                        ["unit", "ratio:files", "ratio:on_time", "manual"],
                        ["a", Number("4"), Number("3"), "1,5"],
                        ["b", Number("4"), Number("2"), Number("1.5")],
                    ]
                )
            }
        ),
    ),
    "observation-percent": lambda p: book.write(
        p,
        book.parts(
            {
                "Số liệu": book.sheet(
                    [["unit", "share:percent"], ["a", Number("0.3")]],
                    styles={(1, 1): book.PERCENT},
                )
            }
        ),
    ),
    "observation-number": lambda p: book.write(
        p,
        book.parts(
            {
                "Số liệu": book.sheet(
                    [
                        ["unit", "node", "value"],
                        ["a", Number("1.1"), Number("1")],
                        ["a", "1.10", Number("1")],
                        ["a", Number("1.2"), Number("1")],
                    ]
                )
            }
        ),
    ),
    "observation-date": lambda p: book.write(
        p,
        book.parts(
            {
                "Số liệu": book.sheet(
                    [
                        ["unit", "node", "value"],
                        ["a", Number("45566"), Number("1")],
                    ],
                    styles={(1, 1): book.DATE},
                )
            }
        ),
    ),
}

if __name__ == "__main__":
    PLACES[sys.argv[1]](sys.argv[2])
