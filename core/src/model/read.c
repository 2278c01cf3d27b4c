/* SPDX-License-Identifier: Apache-2.0
 * model/read.c - index.json as a whole. */
#include "model/read.h"

#include <string.h>

#include "base/file.h"

#define TEXT(key, out)                                                         \
  { key, CHISO__VALUE_TEXT, true, out, 0 }
#define MAYBE_TEXT(key, out)                                                   \
  { key, CHISO__VALUE_TEXT, false, out, 0 }
#define DATE(key, out)                                                         \
  { key, CHISO__VALUE_DATE, true, out, 0 }
#define MAYBE_DATE(key, out)                                                   \
  { key, CHISO__VALUE_DATE, false, out, 0 }
#define TITLE(out)                                                             \
  { "title", CHISO__VALUE_TITLE, true, out, 0 }
#define DEC(key, out)                                                          \
  { key, CHISO__VALUE_DEC, true, out, 0 }
#define MAYBE_DEC(key, out)                                                    \
  { key, CHISO__VALUE_DEC, false, out, 0 }
#define YEAR(key, out)                                                         \
  { key, CHISO__VALUE_YEAR, true, out, 0 }
#define MAYBE_YEAR(key, out)                                                   \
  { key, CHISO__VALUE_YEAR, false, out, 0 }
#define KEY(key, out, of)                                                      \
  { key, CHISO__VALUE_KEY, true, out, CHISO_FAMILY_##of }
#define MAYBE_KEY(key, out, of)                                                \
  { key, CHISO__VALUE_KEY, false, out, CHISO_FAMILY_##of }
#define OTHER(key)                                                             \
  { key, CHISO__VALUE_OTHER, true, NULL, 0 }

static chiso_status read_rounds(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(CHISO__RECORD(r, v, YEAR("first", &ix->first),
                           MAYBE_YEAR("last", &ix->last)));
  const chiso__json *last = chiso__json_get(v, "last");
  int64_t year;
  return last ? chiso__read_integer(r, last, ix->first, 2999, &year) : CHISO_OK;
}

static chiso_status read_rank(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  return CHISO__RECORD(r, v, KEY("by", &ix->rank_by, RANK_BY),
                       KEY("ties", &ix->ties, TIES));
}

static chiso_status read_legal_entry(chiso__reader *r, const chiso__json *v,
                                     void *element) {
  chiso_legal *legal = element;
  return CHISO__RECORD(
      r, v, TEXT("key", &legal->key), TEXT("instrument", &legal->instrument),
      MAYBE_TEXT("title", &legal->title), MAYBE_DATE("issued", &legal->issued),
      MAYBE_DATE("in_force", &legal->in_force),
      MAYBE_DATE("repealed", &legal->repealed),
      MAYBE_DATE("checked_on", &legal->checked_on),
      MAYBE_TEXT("url", &legal->url));
}

static chiso_status read_counts(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(chiso__read_object(r, v));
  chiso_count *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *m = v->first; m; m = m->next) {
    chiso_count *count = &list[ix->n_counts++];
    int kind = chiso__key_value(CHISO_FAMILY_KIND, m->key);
    int64_t number;
    if (kind < 0 || kind == CHISO_KIND_BRANCH)
      return chiso__fail(r->err, CHISO_BAD_DATA,
                         (chiso__place) { r->file, m->key_line, m->key_column },
                         MSG_MODEL_BAD_COUNT_KIND, m->key);
    CHISO__TRY(chiso__read_integer(r, m, 0, CHISO__MAX_NODES, &number));
    count->kind = (uint32_t)kind;
    count->count = (uint32_t)number;
  }
  ix->counts = list;
  return CHISO_OK;
}

static chiso_status read_deadline(chiso__reader *r, const chiso__json *v,
                                  void *element) {
  chiso_deadline *deadline = element;
  return CHISO__RECORD(r, v, TEXT("what", &deadline->what),
                       DATE("date", &deadline->date));
}

static chiso_status read_grade(chiso__reader *r, const chiso__json *v,
                               void *element) {
  chiso_grade *grade = element;
  grade->at_least = CHISO_NONE;
  CHISO__TRY(CHISO__RECORD(r, v, TEXT("key", &grade->key),
                           TITLE(&grade->title_vi),
                           MAYBE_DEC("at_least", &grade->at_least),
                           MAYBE_DEC("above", &grade->at_least)));
  const chiso__json *above = chiso__json_get(v, "above");
  if (above && chiso__json_get(v, "at_least"))
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, above),
                       MSG_MODEL_TWO_BOUNDS);
  grade->cmp = above ? CHISO_CMP_GT : CHISO_CMP_GE;
  return CHISO_OK;
}

static chiso_status read_grading(chiso__reader *r, const chiso__json *v,
                                 void *element) {
  chiso_grading *g = element;
  CHISO__TRY(CHISO__RECORD(
      r, v, KEY("kind", &g->kind, GRADING), MAYBE_YEAR("first", &g->first),
      MAYBE_YEAR("last", &g->last), MAYBE_KEY("missing", &g->missing, MISSING),
      TEXT("source", &g->source), OTHER("grades")));
  return chiso__read_each(r, chiso__json_get(v, "grades"), CHISO__MAX_LIST,
                          sizeof *g->grades, read_grade, &g->grades,
                          &g->n_grades);
}

static chiso_status read_part(chiso__reader *r, const chiso__json *v,
                              void *element) {
  chiso_part *part = element;
  return CHISO__RECORD(r, v, TEXT("id", &part->id), TITLE(&part->title_vi),
                       DEC("max", &part->max));
}

static chiso_status read_partition(chiso__reader *r, const chiso__json *v,
                                   void *element) {
  chiso_partition *p = element;
  CHISO__TRY(CHISO__RECORD(r, v, TEXT("id", &p->id), TITLE(&p->title_vi),
                           TEXT("source", &p->source), OTHER("parts")));
  return chiso__read_each(r, chiso__json_get(v, "parts"), CHISO__MAX_LIST,
                          sizeof *p->parts, read_part, &p->parts, &p->n_parts);
}

/* The lists of the file: one line each. */
#define LIST(function, member, read_element)                                   \
  static chiso_status function(chiso__reader *r, const chiso__json *v) {       \
    chiso_index *ix = &r->methodology->index;                                  \
    return chiso__read_each(r, v, CHISO__MAX_LIST, sizeof *ix->member,         \
                            read_element, &ix->member, &ix->n_##member);       \
  }
LIST(read_legal, legal, read_legal_entry)
LIST(read_deadlines, deadlines, read_deadline)
LIST(read_gradings, gradings, read_grading)
LIST(read_partitions, partitions, read_partition)
LIST(read_supersedes, supersedes, chiso__read_text_element)

static chiso_status read_nodes(chiso__reader *r, const chiso__json *v) {
  chiso_methodology *m = r->methodology;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_NODES));
  chiso_node *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  m->lines = chiso__arena_array(r->arena, v->count, sizeof *m->lines);
  if (!list || !m->lines)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next) {
    m->lines[m->index.n_nodes] = e->line;
    CHISO__TRY(chiso__read_node(r, e, &list[m->index.n_nodes++]));
  }
  m->index.nodes = list;
  return CHISO_OK;
}

/* Whose set it is; national when nothing is said. */
static chiso_status read_scope(chiso__reader *r, const chiso__json *root) {
  chiso_index *ix = &r->methodology->index;
  const chiso__json *v = chiso__json_get(root, "scope");
  if (v)
    CHISO__TRY(chiso__read_key(r, v, CHISO_FAMILY_SCOPE, &ix->scope));
  v = chiso__json_get(root, "variant_of");
  return v ? chiso__read_text(r, v, &ix->variant_of) : CHISO_OK;
}

static chiso_status read_head(chiso__reader *r, const chiso__json *root) {
  chiso_index *ix = &r->methodology->index;
  const chiso__json *v;
  int64_t number;
  CHISO__TRY(chiso__read_member(r, root, "format", &v));
  CHISO__TRY(chiso__read_integer(r, v, 1, 1, &number));
  CHISO__TRY(chiso__read_member(r, root, "id", &v));
  r->methodology->at.id = v->line;
  CHISO__TRY(chiso__read_text(r, v, &ix->id));
  CHISO__TRY(chiso__read_member(r, root, "edition", &v));
  r->methodology->at.edition = v->line;
  CHISO__TRY(chiso__read_text(r, v, &ix->edition));
  CHISO__TRY(chiso__read_member(r, root, "level", &v));
  CHISO__TRY(chiso__read_key(r, v, CHISO_FAMILY_LEVEL, &ix->level));
  CHISO__TRY(chiso__read_member(r, root, "title", &v));
  CHISO__TRY(chiso__read_title(r, v, &ix->title_vi, &ix->title_en));
  CHISO__TRY(chiso__read_member(r, root, "rounds", &v));
  CHISO__TRY(read_rounds(r, v));
  CHISO__TRY(chiso__read_member(r, root, "units", &v));
  CHISO__TRY(chiso__read_text(r, v, &ix->unit_set));
  CHISO__TRY(chiso__read_member(r, root, "digits", &v));
  CHISO__TRY(chiso__read_integer(r, v, 0, CHISO_DEC_DIGITS, &number));
  ix->digits = (uint8_t)number;
  CHISO__TRY(chiso__read_member(r, root, "rank", &v));
  return read_rank(r, v);
}

static chiso_status read_root(chiso__reader *r, const chiso__json *root) {
  chiso_methodology *m = r->methodology;
  static const char *const keys[] = {
    "format",     "id",    "edition", "level",      "title",
    "rounds",     "units", "digits",  "rank",       "note",
    "supersedes", "legal", "counts",  "deadlines",  "gradings",
    "partitions", "nodes", "scope",   "variant_of", NULL
  };
  const struct {
    const char *key;
    chiso_status (*read)(chiso__reader *, const chiso__json *);
    uint64_t *line;
    bool required;
  } parts[] = {
    { "supersedes", read_supersedes, &m->at.supersedes, false },
    { "legal", read_legal, &m->at.legal, true },
    { "counts", read_counts, &m->at.counts, false },
    { "deadlines", read_deadlines, &m->at.deadlines, false },
    { "gradings", read_gradings, &m->at.gradings, false },
    { "partitions", read_partitions, &m->at.partitions, false },
    { "nodes", read_nodes, &m->at.nodes, true },
  };
  const chiso__json *v;
  CHISO__TRY(chiso__read_object(r, root));
  CHISO__TRY(chiso__json_only(root, r->file, keys, r->err));
  CHISO__TRY(read_head(r, root));
  CHISO__TRY(read_scope(r, root));
  v = chiso__json_get(root, "note");
  if (v)
    CHISO__TRY(chiso__read_text(r, v, &m->index.note));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    v = chiso__json_get(root, parts[i].key);
    if (!v && parts[i].required)
      CHISO__TRY(chiso__read_member(r, root, parts[i].key, &v));
    if (!v)
      continue;
    *parts[i].line = v->line;
    CHISO__TRY(parts[i].read(r, v));
  }
  return CHISO_OK;
}

static chiso_status parse_into(chiso_methodology *m, const char *text,
                               size_t size, chiso_error *err) {
  chiso__arena scratch = { .allocator = m->allocator };
  chiso__reader r = {
    .methodology = m, .arena = &m->arena, .file = m->file, .err = err
  };
  chiso__json *root;
  chiso_status status =
      chiso__json_parse(&scratch, m->file, text, size, &root, err);
  if (status == CHISO_OK)
    status = read_root(&r, root);
  if (status == CHISO_OK)
    status = chiso__methodology_finish(m, err);
  chiso__arena_free(&scratch);
  return status;
}

chiso_status chiso__methodology_parse_all(const char *file, const char *text,
                                          size_t size,
                                          const chiso_allocator *allocator,
                                          chiso__faults *faults,
                                          chiso_methodology **out,
                                          chiso_error *err) {
  chiso_methodology *m = chiso__methodology_new(allocator, file);
  if (!m)
    return chiso__no_memory(err);
  m->faults = faults;
  return chiso__methodology_made(m, parse_into(m, text, size, err), out, err);
}

chiso_status chiso_methodology_parse(const char *file, const char *text,
                                     size_t size,
                                     const chiso_allocator *allocator,
                                     chiso_methodology **out,
                                     chiso_error *err) {
  return chiso__methodology_parse_all(file, text, size, allocator, NULL, out,
                                      err);
}

chiso_status chiso_methodology_read(const char *path,
                                    const chiso_allocator *allocator,
                                    chiso_methodology **out, chiso_error *err) {
  chiso__arena scratch = { .allocator = allocator };
  const char *text;
  size_t size;
  chiso_status status = chiso__file_read(&scratch, path, CHISO__LIMIT_INDEX,
                                         false, &text, &size, err);
  if (status == CHISO_OK)
    status = chiso_methodology_parse(path, text, size, allocator, out, err);
  chiso__arena_free(&scratch);
  return status;
}
