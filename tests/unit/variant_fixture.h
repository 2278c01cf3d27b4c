/* SPDX-License-Identifier: Apache-2.0
 * A desk with a small base and overlays on it. */
#ifndef CHISO_TESTS_VARIANT_FIXTURE_H
#define CHISO_TESTS_VARIANT_FIXTURE_H

#include "chiso/engine.h"
#include "chiso/variant.h"
#include "fixture.h"
#include "host_fixture.h"
#include "hostile.h"
#include "small.h"

#define LEAF(id, parent, max, op, more)                                        \
  "," SMALL_NODE(id, parent, "criterion", max, "1", op, more) "\n"
#define BASE(version, a2)                                                      \
  "{\"format\": 1, \"id\": \"t.base\", \"edition\": \"" version "\", "         \
  "\"level\": \"province\", " SMALL_TITLE                                      \
  ", \"rounds\": {\"first\": 2020}, \"units\": \"u/1\", \"digits\": 2, "       \
  "\"rank\": {\"by\": \"points\", \"ties\": \"shared\"}, "                     \
  "\"legal\": [{\"key\": \"b\", \"instrument\": \"9/QĐ\"}], \"counts\": "     \
  "{\"area\": 1}, \"nodes\": [" SMALL_ROOT("10", "sum", "") "\n," SMALL_NODE(  \
      "A", "index", "area", "6", "1", "sum", "\"concept\": \"a\", ")           \
      LEAF("A1", "A", "2", "manual",                                           \
           "\"evidence\": \"Biên bản\", \"assessor\": \"survey\", "         \
           "\"concept\": \"a.one\", ")                                         \
          LEAF(a2, "A", "4", "step",                                           \
               "\"steps\": [{\"at\": \"1\", \"points\": \"4\"}, {\"at\": "     \
               "\"0.5\", \"points\": \"2\"}], \"inputs\": [{\"key\": \"n\", "  \
               "\"role\": \"num\", \"unit\": \"count\"}, {\"key\": \"d\", "    \
               "\"role\": \"den\", \"unit\": \"count\"}], \"concept\": "       \
               "\"a.two\", ")                                                  \
              LEAF("B", "index", "4", "ratio",                                 \
                   "\"target\": \"0.8\", \"concept\": \"b\", ") "]}"

typedef struct desk {
  folder at;
  char path[PATH_ROOM], digest[65];
  chiso_error err;
} desk;

static inline const char *under(desk *d, const char *name) {
  snprintf(d->path, sizeof d->path, "%s/%s", d->at.path, name);
  return d->path;
}

static inline void base_digest(desk *d, const char *name) {
  chiso_methodology *m = NULL;
  if (chiso_methodology_read(under(d, name), NULL, &m, &d->err) != CHISO_OK) {
    fprintf(stderr, "%s\n", d->err.text);
    abort();
  }
  snprintf(d->digest, sizeof d->digest, "%s", chiso_methodology_digest(m));
  chiso_methodology_free(m);
}

static inline desk desk_open(void) {
  desk d = { .at = folder_make() };
  put_text(&d.at, "base.json", BASE("1", "A2"));
  base_digest(&d, "base.json");
  return d;
}

/* The sections of an overlay begin in line 9. */
static inline void put_overlay(desk *d, const char *name, const char *more,
                               const char *sections) {
  char text[8192];
  snprintf(text, sizeof text,
           "[overlay]\nid = t.internal\nedition = 1\nbase = base.json\n"
           "base_sha256 = %s\ntitle_vi = Bộ nội bộ\n[legal q]\n"
           "instrument = 1/QĐ\n%s",
           d->digest, sections);
  if (*more) { /* more keys of [overlay], after line 6 */
    char *at = strstr(text, "[legal q]");
    size_t n = strlen(more);
    memmove(at + n, at, strlen(at) + 1);
    memcpy(at, more, n);
  }
  put_text(&d->at, name, text);
}

static inline chiso_variant *read_one(desk *d, const char *name) {
  chiso_variant *v = NULL;
  const char *path = under(d, name);
  d->err = (chiso_error) { 0 };
  if (chiso_variant_read(&path, 1, NULL, NULL, &v, &d->err) != CHISO_OK)
    return NULL;
  return v;
}

static inline chiso_variant *vary(desk *d, const char *more,
                                  const char *sections) {
  put_overlay(d, "o.ini", more, sections);
  chiso_variant *v = read_one(d, "o.ini");
  if (!v)
    fprintf(stderr, "%u:%u: %s\n", (unsigned)d->err.line,
            (unsigned)d->err.column, d->err.text);
  return v;
}

static inline const chiso_node *node_of(const chiso_variant *v,
                                        const char *id) {
  const chiso_methodology *m = chiso_variant_methodology(v);
  uint32_t place = chiso_methodology_find(m, id);
  return place == CHISO_NO_NODE ? NULL
                                : &chiso_methodology_index(m)->nodes[place];
}

/* The last line of a section. */
#define L "legal = q\n"

#endif
