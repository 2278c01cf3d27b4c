/* SPDX-License-Identifier: Apache-2.0
 * model/read.c - index.json as a whole. */
#include "model/read.h"

#include <string.h>

#include "base/file.h"

static chiso_status read_rounds(chiso__reader *r, const chiso__json *v) {
  static const char *const keys[] = { "first", "last", NULL };
  chiso_index *ix = &r->methodology->index;
  const chiso__json *member;
  int64_t year;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "first", &member));
  CHISO__TRY(chiso__read_integer(r, member, 1900, 2999, &year));
  ix->first = (uint16_t)year;
  member = chiso__json_get(v, "last");
  if (!member)
    return CHISO_OK;
  CHISO__TRY(chiso__read_integer(r, member, ix->first, 2999, &year));
  ix->last = (uint16_t)year;
  return CHISO_OK;
}

static chiso_status read_rank(chiso__reader *r, const chiso__json *v) {
  static const char *const keys[] = { "by", "ties", NULL };
  chiso_index *ix = &r->methodology->index;
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "by", &member));
  CHISO__TRY(chiso__read_key(r, member, CHISO_FAMILY_RANK_BY, &ix->rank_by));
  CHISO__TRY(chiso__read_member(r, v, "ties", &member));
  return chiso__read_key(r, member, CHISO_FAMILY_TIES, &ix->ties);
}

static chiso_status read_legal(chiso__reader *r, const chiso__json *v) {
  static const char *const keys[] = { "key",      "instrument", "title",
                                      "issued",   "in_force",   "repealed",
                                      "url",      NULL };
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  chiso_legal *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next) {
    chiso_legal *legal = &list[ix->n_legal++];
    struct {
      const char *key;
      const char **text;
      chiso_date *date;
      bool required;
    } members[] = { { "key", &legal->key, NULL, true },
                    { "instrument", &legal->instrument, NULL, true },
                    { "title", &legal->title, NULL, false },
                    { "issued", NULL, &legal->issued, false },
                    { "in_force", NULL, &legal->in_force, false },
                    { "repealed", NULL, &legal->repealed, false },
                    { "url", &legal->url, NULL, false } };
    CHISO__TRY(chiso__read_object(r, e));
    CHISO__TRY(chiso__json_only(e, r->file, keys, r->err));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
      const chiso__json *m = chiso__json_get(e, members[i].key);
      if (!m && members[i].required)
        CHISO__TRY(chiso__read_member(r, e, members[i].key, &m));
      if (m && members[i].text)
        CHISO__TRY(chiso__read_text(r, m, members[i].text));
      if (m && members[i].date)
        CHISO__TRY(chiso__read_date(r, m, members[i].date));
    }
  }
  ix->legal = list;
  return CHISO_OK;
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
                         (chiso__place){ r->file, m->key_line, m->key_column },
                         MSG_MODEL_BAD_COUNT_KIND, m->key);
    CHISO__TRY(chiso__read_integer(r, m, 0, CHISO__MAX_NODES, &number));
    count->kind = (uint32_t)kind;
    count->count = (uint32_t)number;
  }
  ix->counts = list;
  return CHISO_OK;
}

static chiso_status read_deadlines(chiso__reader *r, const chiso__json *v) {
  static const char *const keys[] = { "what", "date", NULL };
  chiso_index *ix = &r->methodology->index;
  const chiso__json *member;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  chiso_deadline *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next) {
    chiso_deadline *deadline = &list[ix->n_deadlines++];
    CHISO__TRY(chiso__read_object(r, e));
    CHISO__TRY(chiso__json_only(e, r->file, keys, r->err));
    CHISO__TRY(chiso__read_member(r, e, "what", &member));
    CHISO__TRY(chiso__read_text(r, member, &deadline->what));
    CHISO__TRY(chiso__read_member(r, e, "date", &member));
    CHISO__TRY(chiso__read_date(r, member, &deadline->date));
  }
  ix->deadlines = list;
  return CHISO_OK;
}

static chiso_status read_grade(chiso__reader *r, const chiso__json *v,
                               chiso_grade *out) {
  static const char *const keys[] = { "key", "title", "at_least", NULL };
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "key", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->key));
  CHISO__TRY(chiso__read_member(r, v, "title", &member));
  CHISO__TRY(chiso__read_title(r, member, &out->title_vi, &out->title_en));
  member = chiso__json_get(v, "at_least");
  out->at_least = CHISO_NONE;
  return member ? chiso__read_dec(r, member, &out->at_least) : CHISO_OK;
}

static chiso_status read_grading(chiso__reader *r, const chiso__json *v,
                                 chiso_grading *out) {
  static const char *const keys[] = { "kind",    "first",  "last", "missing",
                                      "source",  "grades", NULL };
  const chiso__json *member;
  int64_t year;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "kind", &member));
  CHISO__TRY(chiso__read_key(r, member, CHISO_FAMILY_GRADING, &out->kind));
  uint16_t *years[] = { &out->first, &out->last };
  for (size_t i = 0; i < 2; i++) {
    member = chiso__json_get(v, keys[1 + i]);
    if (!member)
      continue;
    CHISO__TRY(chiso__read_integer(r, member, 1900, 2999, &year));
    *years[i] = (uint16_t)year;
  }
  member = chiso__json_get(v, "missing");
  if (member)
    CHISO__TRY(
        chiso__read_key(r, member, CHISO_FAMILY_MISSING, &out->missing));
  CHISO__TRY(chiso__read_member(r, v, "source", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->source));
  CHISO__TRY(chiso__read_member(r, v, "grades", &member));
  CHISO__TRY(chiso__read_list(r, member, CHISO__MAX_LIST));
  chiso_grade *list =
      chiso__arena_array(r->arena, member->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = member->first; e; e = e->next)
    CHISO__TRY(read_grade(r, e, &list[out->n_grades++]));
  out->grades = list;
  return CHISO_OK;
}

static chiso_status read_gradings(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  chiso_grading *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(read_grading(r, e, &list[ix->n_gradings++]));
  ix->gradings = list;
  return CHISO_OK;
}

static chiso_status read_part(chiso__reader *r, const chiso__json *v,
                              chiso_part *out) {
  static const char *const keys[] = { "id", "title", "max", NULL };
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "id", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->id));
  CHISO__TRY(chiso__read_member(r, v, "title", &member));
  CHISO__TRY(chiso__read_title(r, member, &out->title_vi, &out->title_en));
  CHISO__TRY(chiso__read_member(r, v, "max", &member));
  return chiso__read_dec(r, member, &out->max);
}

static chiso_status read_partition(chiso__reader *r, const chiso__json *v,
                                   chiso_partition *out) {
  static const char *const keys[] = { "id", "title", "source", "parts", NULL };
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "id", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->id));
  CHISO__TRY(chiso__read_member(r, v, "title", &member));
  CHISO__TRY(chiso__read_title(r, member, &out->title_vi, &out->title_en));
  CHISO__TRY(chiso__read_member(r, v, "source", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->source));
  CHISO__TRY(chiso__read_member(r, v, "parts", &member));
  CHISO__TRY(chiso__read_list(r, member, CHISO__MAX_LIST));
  chiso_part *list = chiso__arena_array(r->arena, member->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = member->first; e; e = e->next)
    CHISO__TRY(read_part(r, e, &list[out->n_parts++]));
  out->parts = list;
  return CHISO_OK;
}

static chiso_status read_partitions(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  chiso_partition *list =
      chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(read_partition(r, e, &list[ix->n_partitions++]));
  ix->partitions = list;
  return CHISO_OK;
}

static chiso_status read_supersedes(chiso__reader *r, const chiso__json *v) {
  chiso_index *ix = &r->methodology->index;
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  const char **list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(chiso__read_text(r, e, &list[ix->n_supersedes++]));
  ix->supersedes = list;
  return CHISO_OK;
}

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
    "format", "id",   "edition",    "level", "title",  "rounds",    "units",
    "digits", "rank", "note",       "supersedes", "legal", "counts",
    "deadlines", "gradings", "partitions", "nodes", NULL
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
  chiso__reader r = { .methodology = m,
                      .arena = &m->arena,
                      .file = m->file,
                      .err = err };
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

chiso_status chiso_methodology_parse(const char *file, const char *text,
                                     size_t size,
                                     const chiso_allocator *allocator,
                                     chiso_methodology **out,
                                     chiso_error *err) {
  chiso_methodology *m = chiso__methodology_new(allocator, file);
  if (!m)
    return chiso__no_memory(err);
  chiso_status status = parse_into(m, text, size, err);
  if (status != CHISO_OK) {
    chiso_methodology_free(m);
    return status;
  }
  *out = m;
  return CHISO_OK;
}

chiso_status chiso_methodology_read(const char *path,
                                    const chiso_allocator *allocator,
                                    chiso_methodology **out,
                                    chiso_error *err) {
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
