/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_xml.h - parts of a workbook as XML, element by element. */
#ifndef CHISO_DATA_XLSX_XML_H
#define CHISO_DATA_XLSX_XML_H

#include "data/xlsx_zip.h"

/* What is done at the beginning and end of an element and with text. Names are
 * without their prefix; `attributes` are names and values in turn, ended by
 * NULL. Any may be NULL. Text may come in pieces. */
typedef struct chiso__xml_handler {
  chiso_status (*begin)(void *user, const char *name, const char **attributes,
                        chiso_error *err);
  chiso_status (*end)(void *user, const char *name, chiso_error *err);
  chiso_status (*text)(void *user, const char *text, size_t size,
                       chiso_error *err);
  void *user;
} chiso__xml_handler;

/* Refuses: a DOCTYPE (so entities cannot be declared), an encoding other than
 * UTF-8 and UTF-16, elements nested deeper than CHISO__BOOK_DEPTH, and whatever
 * is not well-formed, with the part, line and column. */
chiso_status chiso__xml_read(chiso__zip *zip, const char *part,
                             chiso__xml_handler handler, chiso_error *err);

/* Value of an attribute or NULL. */
const char *chiso__xml_get(const char **attributes, const char *name);
/* A number without a sign; false when it is none or over `most`. */
bool chiso__xml_number(const char *text, uint64_t most, uint64_t *out);
/* "1", "true" and "on" are; an absent attribute is `standard`. */
bool chiso__xml_flag(const char *text, bool standard);

#endif
