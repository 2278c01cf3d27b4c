/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_xml.c - expat, opened when a workbook is read (data/library.h). */
#include "data/xlsx_xml.h"

#include <expat.h>
#include <string.h>

#include "base/text.h"
#include "data/library.h"
#include "data/xlsx.h"

#define FUNCTIONS(F)                                                           \
  F(XML_ParserCreate)                                                          \
  F(XML_ParserFree)                                                            \
  F(XML_SetUserData)                                                           \
  F(XML_SetElementHandler)                                                     \
  F(XML_SetCharacterDataHandler)                                               \
  F(XML_SetStartDoctypeDeclHandler)                                            \
  F(XML_SetXmlDeclHandler)                                                     \
  F(XML_Parse)                                                                 \
  F(XML_StopParser)                                                            \
  F(XML_GetErrorCode)                                                          \
  F(XML_ErrorString)                                                           \
  F(XML_GetCurrentByteIndex)                                                   \
  F(XML_GetCurrentLineNumber)                                                  \
  F(XML_GetCurrentColumnNumber)

/* The longest tag or comment. expat goes over an unfinished one again with
 * every piece. */
#define MOST_TOKEN ((size_t)1024 * 1024)

typedef struct library {
#define MEMBER(name) __typeof__(name) *name;
  FUNCTIONS(MEMBER)
#undef MEMBER
} library;

typedef struct reading {
  library lib;
  XML_Parser parser;
  chiso__xml_handler handler;
  char place[320]; /* "annex.xlsx[xl/workbook.xml]" */
  unsigned depth;
  uint64_t fed;        /* bytes so far */
  chiso_status status; /* of the first failure */
  chiso_error *err;
} reading;

static chiso_status open_library(library *lib, chiso_error *err) {
  const chiso__symbol symbols[] = {
#define SYMBOL(name) { #name, &lib->name },
    FUNCTIONS(SYMBOL)
#undef SYMBOL
  };
  if (chiso__library_open(CHISO_XML_LIBRARY, symbols,
                          sizeof symbols / sizeof *symbols))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_IO, MSG_XLSX_LIBRARY, CHISO_XML_LIBRARY,
                     "libexpat1");
}

static chiso__place here(const reading *r) {
  return (chiso__place) { r->place, r->lib.XML_GetCurrentLineNumber(r->parser),
                          r->lib.XML_GetCurrentColumnNumber(r->parser) + 1 };
}

static void stop(reading *r, chiso_status status) {
  if (status == CHISO_OK || r->status != CHISO_OK)
    return;
  r->status = status;
  (void)r->lib.XML_StopParser(r->parser, XML_FALSE);
}

static const char *local(const char *name) {
  const char *colon = strchr(name, ':');
  return colon ? colon + 1 : name;
}

static void begin(void *user, const char *name, const char **attributes) {
  reading *r = user;
  if (r->status != CHISO_OK)
    return;
  if (++r->depth > CHISO__BOOK_DEPTH)
    stop(r, chiso__fail(r->err, CHISO_BAD_DATA, here(r), MSG_XLSX_DEPTH,
                        CHISO__BOOK_DEPTH));
  else if (r->handler.begin)
    stop(r, r->handler.begin(r->handler.user, local(name), attributes, r->err));
}

static void end(void *user, const char *name) {
  reading *r = user;
  r->depth--;
  if (r->status == CHISO_OK && r->handler.end)
    stop(r, r->handler.end(r->handler.user, local(name), r->err));
}

static void characters(void *user, const char *text, int size) {
  reading *r = user;
  if (r->status == CHISO_OK && r->handler.text && size > 0)
    stop(r, r->handler.text(r->handler.user, text, (size_t)size, r->err));
}

static void doctype(void *user, const char *name, const char *system,
                    const char *public, int internal) {
  reading *r = user;
  (void)name, (void)system, (void)public, (void)internal;
  stop(r, chiso__fail(r->err, CHISO_BAD_DATA, here(r), MSG_XLSX_DOCTYPE));
}

static void declaration(void *user, const char *version, const char *encoding,
                        int standalone) {
  reading *r = user;
  (void)version, (void)standalone;
  if (encoding && !chiso__text_same_folded(encoding, "utf-8") &&
      !chiso__text_same_folded(encoding, "utf8") &&
      !chiso__text_same_folded(encoding, "utf-16"))
    stop(r, chiso__fail(r->err, CHISO_BAD_DATA, here(r), MSG_XLSX_ENCODING,
                        encoding));
}

static chiso_status take(void *user, const char *bytes, size_t size, bool last,
                         chiso_error *err) {
  reading *r = user;
  if (r->lib.XML_Parse(r->parser, bytes, (int)size, last) == XML_STATUS_OK) {
    XML_Index at = r->lib.XML_GetCurrentByteIndex(r->parser);
    r->fed += size;
    if (last || r->fed - (at > 0 ? (uint64_t)at : 0) <= MOST_TOKEN)
      return CHISO_OK;
    return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_TOKEN,
                       (unsigned)(MOST_TOKEN / 1024));
  }
  if (r->status != CHISO_OK)
    return r->status;
  enum XML_Error code = r->lib.XML_GetErrorCode(r->parser);
  if (code == XML_ERROR_NO_MEMORY)
    return chiso__no_memory(err);
  return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_XML,
                     r->lib.XML_ErrorString(code));
}

chiso_status chiso__xml_read(chiso__zip *zip, const char *part,
                             chiso__xml_handler handler, chiso_error *err) {
  reading r = { .handler = handler, .err = err };
  CHISO__TRY(open_library(&r.lib, err));
  snprintf(r.place, sizeof r.place, "%.250s[%.60s]", chiso__zip_file(zip),
           part);
  r.parser = r.lib.XML_ParserCreate(NULL);
  if (!r.parser)
    return chiso__no_memory(err);
  r.lib.XML_SetUserData(r.parser, &r);
  r.lib.XML_SetElementHandler(r.parser, begin, end);
  r.lib.XML_SetCharacterDataHandler(r.parser, characters);
  r.lib.XML_SetStartDoctypeDeclHandler(r.parser, doctype);
  r.lib.XML_SetXmlDeclHandler(r.parser, declaration);
  chiso_status status = chiso__zip_stream(zip, part, take, &r, err);
  r.lib.XML_ParserFree(r.parser);
  return status;
}

const char *chiso__xml_get(const char **attributes, const char *name) {
  for (; attributes[0]; attributes += 2)
    if (strcmp(local(attributes[0]), name) == 0)
      return attributes[1];
  return NULL;
}

bool chiso__xml_number(const char *text, uint64_t most, uint64_t *out) {
  uint64_t value = 0;
  if (!text || !*text)
    return false;
  for (; *text >= '0' && *text <= '9'; text++) {
    value = value * 10 + (uint64_t)(*text - '0');
    if (value > most)
      return false;
  }
  *out = value;
  return *text == '\0';
}

bool chiso__xml_flag(const char *text, bool standard) {
  if (!text)
    return standard;
  return strcmp(text, "1") == 0 || strcmp(text, "true") == 0 ||
         strcmp(text, "on") == 0;
}
