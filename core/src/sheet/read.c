/* SPDX-License-Identifier: Apache-2.0
 * sheet/read.c - books one after the other; what is kept of them. */
#include "sheet/read.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is said ---------------------------------------------------------
 */

/* "a.xlsx[Phiếu]", line and column become "a.xlsx[Phiếu]!H27"; in
 * "a.xlsx[xl/styles.xml]" they are those of a text. */
static void name_cell(chiso_error *error) {
  size_t size = strlen(error->file);
  const char *sheet = strrchr(error->file, '[');
  char name[16], file[sizeof error->file + sizeof name + 1];
  if (!error->line || !error->column || !size || error->file[size - 1] != ']' ||
      (sheet && strchr(sheet, '/')))
    return;
  chiso__cell_name((uint32_t)error->line - 1, (uint32_t)error->column - 1,
                   name);
  snprintf(file, sizeof file, "%s!%s", error->file, name);
  chiso__error_move(error, (chiso__place) { file, 0, 0 });
}

/* False when memory is short. */
static bool say(chiso_sheets *s, size_t book, size_t part,
                const chiso_error *error) {
  s->faults += error->status != CHISO_OK;
  if (s->n_said >= CHISO__SHEET_REMARKS)
    return true;
  if (!chiso__grow(s->allocator, (void **)(void *)&s->said, &s->said_room,
                   s->n_said, sizeof *s->said))
    return false;
  chiso__said *said = &s->said[s->n_said];
  *said = (chiso__said) { .book = book,
                          .part = part,
                          .line = error->line,
                          .column = error->column,
                          .order = s->n_said++,
                          .error = *error };
  name_cell(&said->error);
  return true;
}

static chiso_status say_all(chiso_sheets *s, size_t book,
                            const chiso__remarks *r, chiso_error *err) {
  size_t part = 0, kept = 0;
  for (size_t i = 0; i < r->count; i++) {
    part += i > 0 && strcmp(r->list[i].file, r->list[i - 1].file) != 0;
    kept += r->list[i].status != CHISO_OK;
    if (!say(s, book, part, &r->list[i]))
      return chiso__no_memory(err);
  }
  s->faults += r->faults - kept;
  return r->short_memory ? chiso__no_memory(err) : CHISO_OK;
}

static int compare(uint64_t a, uint64_t b) {
  return a < b ? -1 : a > b;
}

static int by_place(const void *a, const void *b) {
  const chiso__said *x = a, *y = b;
  int order = compare(x->book, y->book);
  order = order ? order : compare(x->part, y->part);
  order = order ? order : compare(x->line, y->line);
  order = order ? order : compare(x->column, y->column);
  return order ? order : compare(x->order, y->order);
}

void chiso__sheets_twice(chiso_sheets *s, size_t book, const char *unit,
                         const char *other) {
  chiso_error error = { .lang = s->lang };
  (void)chiso__fail(&error, CHISO_BAD_DATA,
                    (chiso__place) { s->books[book].path, 0, 0 },
                    MSG_FILLED_TWICE, unit, other);
  (void)say(s, book, SIZE_MAX, &error);
  s->books[book].good = false;
  s->books[book].faults++;
  s->good--;
}

/* ---- what is kept ---------------------------------------------------------
 */

const char *chiso__sheets_keep(chiso_sheets *s, const char *text) {
  size_t place;
  if (!*text)
    return "";
  if (chiso__map_get(&s->texts, text, &place))
    return s->kept_texts[place];
  size_t size = strlen(text);
  if (!chiso__grow(s->allocator, (void **)(void *)&s->kept_texts, &s->kept_room,
                   s->n_kept, sizeof *s->kept_texts))
    return NULL;
  const char *kept = chiso__arena_text(&s->arena, text, size);
  if (!kept ||
      chiso__map_put(&s->texts, kept, s->n_kept, NULL) == CHISO__MAP_NO_MEMORY)
    return NULL;
  s->kept_texts[s->n_kept++] = kept;
  s->text_bytes += size + 1;
  return kept;
}

static bool keep_row(chiso_sheets *s, const chiso__kept *from,
                     chiso__kept *to) {
  *to = *from;
  to->value = chiso__sheets_keep(s, from->value);
  to->note = chiso__sheets_keep(s, from->note);
  to->document = chiso__sheets_keep(s, from->document);
  to->section = chiso__sheets_keep(s, from->section);
  to->page = chiso__sheets_keep(s, from->page);
  return to->value && to->note && to->document && to->section && to->page;
}

static chiso_status keep_block(chiso_sheets *s, const chiso__block *from,
                               chiso_error *err) {
  if (!chiso__grow(s->allocator, (void **)(void *)&s->blocks, &s->block_room,
                   s->n_blocks, sizeof *s->blocks))
    return chiso__no_memory(err);
  chiso__block *to = &s->blocks[s->n_blocks++];
  *to = *from;
  to->sheet = chiso__sheets_keep(s, from->sheet);
  to->rows = chiso__arena_raw(&s->arena, from->count, sizeof *to->rows);
  if (!to->sheet || !to->rows)
    return chiso__no_memory(err);
  for (size_t i = 0; i < from->count; i++)
    if (!keep_row(s, &from->rows[i], &to->rows[i]))
      return chiso__no_memory(err);
  return CHISO_OK;
}

static chiso_status keep_book(chiso_sheets *s, chiso__reading *r,
                              chiso_error *err) {
  chiso_sheet_book *book = &s->books[r->place];
  if (r->remarks.faults == 0 && s->text_bytes > CHISO__SHEET_TEXTS)
    chiso__remark(&r->remarks, CHISO_BAD_DATA,
                  (chiso__place) { book->path, 0, 0 }, MSG_FILLED_TEXTS,
                  (unsigned)(CHISO__SHEET_TEXTS / 1024 / 1024));
  book->faults = r->remarks.faults;
  book->good = book->faults == 0;
  s->good += book->good;
  for (size_t i = 0; book->good && i < r->n_blocks; i++)
    CHISO__TRY(keep_block(s, &r->blocks[i], err));
  return say_all(s, r->place, &r->remarks, err);
}

/* ---- all books ------------------------------------------------------------
 */

static chiso_status read_book(chiso_sheets *s, size_t place, chiso_error *err) {
  chiso__reading r = { .sheets = s,
                       .place = place,
                       .arena = { .allocator = s->allocator },
                       .remarks = { .allocator = s->allocator,
                                    .lang = s->lang } };
  chiso_status status = chiso__sheet_book(&r, err);
  if (status == CHISO_OK)
    status = keep_book(s, &r, err);
  chiso__free(s->allocator, r.remarks.list);
  chiso__arena_free(&r.arena);
  return status;
}

static int by_unit(const void *a, const void *b) {
  const chiso__block *x = a, *y = b;
  int order = compare(x->group, y->group);
  return order ? order : compare(x->unit, y->unit);
}

/* Blocks in the order of the rows, without those of books that were left out
 * after all. */
static void settle(chiso_sheets *s) {
  size_t kept = 0;
  for (size_t i = 0; i < s->n_blocks; i++)
    if (s->books[s->blocks[i].book].good)
      s->blocks[kept++] = s->blocks[i];
  s->n_blocks = kept;
  if (kept)
    qsort(s->blocks, kept, sizeof *s->blocks, by_unit);
  for (size_t i = 0; i < kept; i++) {
    s->blocks[i].before = s->n_rows;
    s->n_rows += s->blocks[i].count;
  }
  if (s->n_said)
    qsort(s->said, s->n_said, sizeof *s->said, by_place);
}

/* ---- notices --------------------------------------------------------------
 */

static bool note_others(chiso_sheets *s) {
  chiso_error error = { .lang = s->lang };
  char names[400] = "";
  size_t used = 0, shown = sizeof s->files.other / sizeof *s->files.other;
  if (s->files.others == 0)
    return true;
  for (size_t i = 0; i < s->files.others && i < shown; i++) {
    int wrote = snprintf(names + used, sizeof names - used, "%s%.70s",
                         used ? ", " : "", s->files.other[i]);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  if (s->files.others > shown)
    snprintf(names + used, sizeof names - used, ", …");
  (void)chiso__fail(&error, CHISO_OK, (chiso__place) { 0 },
                    MSG_FILLED_OTHER_FILES, s->files.others, names);
  return say(s, SIZE_MAX, 0, &error);
}

#define MOST_NAMES 6u /* of units in a notice */

/* The units of a group that no book was made for. */
static bool note_missing(chiso_sheets *s, size_t group) {
  const chiso_group *g = s->plans[group].group;
  chiso_error error = { .lang = s->lang };
  char names[400] = "";
  size_t used = 0, count = 0;
  for (size_t i = 0; i < chiso_units_count(g->units); i++) {
    const chiso_unit *u = chiso_units_get(g->units, i);
    const char *name =
        s->lang == CHISO_LANG_EN && u->name_en ? u->name_en : u->name_vi;
    if (!chiso_sheets_missing(s, group, i))
      continue;
    if (count++ < MOST_NAMES)
      used += (size_t)snprintf(names + used, sizeof names - used, "%s%.60s",
                               used ? ", " : "", name);
  }
  if (count > MOST_NAMES)
    snprintf(names + used, sizeof names - used, ", …");
  if (count == 0)
    return true;
  (void)chiso__fail(&error, CHISO_OK, (chiso__place) { 0 }, MSG_FILLED_NO_BOOK,
                    g->key, count, names);
  return say(s, SIZE_MAX, 0, &error);
}

/* ---- the call -------------------------------------------------------------
 */

static chiso_status prepare(chiso_sheets *s, chiso_error *err) {
  size_t groups = chiso_round_groups(s->round);
  s->plans = chiso__arena_array(&s->arena, groups, sizeof *s->plans);
  s->books = chiso__arena_array(&s->arena, s->files.count, sizeof *s->books);
  if (!s->plans || !s->books)
    return chiso__no_memory(err);
  s->n_plans = groups;
  for (size_t i = 0; i < groups; i++) {
    chiso__expected *plan = &s->plans[i];
    plan->group = chiso_round_group(s->round, i);
    plan->methodology = plan->group->methodology;
    plan->claims = chiso__arena_array(
        &s->arena, chiso_units_count(plan->group->units), sizeof *plan->claims);
    if (!plan->claims)
      return chiso__no_memory(err);
  }
  for (size_t i = 0; i < s->files.count; i++)
    s->books[i] = (chiso_sheet_book) { .path = s->files.list[i].path,
                                       .name = s->files.list[i].name,
                                       .group = SIZE_MAX };
  return CHISO_OK;
}

static chiso_status read_all(chiso_sheets *s, const char *const *paths,
                             size_t n, chiso_error *err) {
  CHISO__TRY(chiso__sheet_files(&s->arena, paths, n, &s->files, err));
  if (s->files.count == 0)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_FILLED_NONE);
  CHISO__TRY(prepare(s, err));
  for (size_t i = 0; i < s->files.count; i++)
    CHISO__TRY(read_book(s, i, err));
  settle(s);
  bool kept = note_others(s);
  for (size_t i = 0; kept && i < s->n_plans; i++)
    kept = note_missing(s, i);
  return kept ? CHISO_OK : chiso__no_memory(err);
}

chiso_status chiso_sheets_read(const chiso_round *round,
                               const char *const *paths, size_t n,
                               const chiso_sheets_options *options,
                               const chiso_allocator *allocator,
                               chiso_sheets **out, chiso_error *err) {
  chiso_sheets *s = chiso__alloc(allocator, sizeof *s);
  *out = NULL;
  if (!s)
    return chiso__no_memory(err);
  s->allocator = s->arena.allocator = s->texts.allocator = allocator;
  s->lang = err ? err->lang : CHISO_LANG_EN;
  s->round = round;
  if (options)
    s->options = *options;
  chiso_status status = read_all(s, paths, n, err);
  if (status != CHISO_OK) {
    chiso_sheets_free(s);
    return status;
  }
  *out = s;
  return CHISO_OK;
}

void chiso_sheets_free(chiso_sheets *s) {
  if (!s)
    return;
  for (size_t i = 0; i < s->n_plans; i++)
    chiso__expected_free(&s->plans[i]);
  chiso__map_free(&s->texts);
  chiso__free(s->allocator, s->kept_texts);
  chiso__free(s->allocator, s->files.list);
  chiso__free(s->allocator, s->blocks);
  chiso__free(s->allocator, s->said);
  chiso__arena_free(&s->arena);
  chiso__free(s->allocator, s);
}

/* ---- reading back ---------------------------------------------------------
 */

size_t chiso_sheets_books(const chiso_sheets *s) {
  return s->files.count;
}

const chiso_sheet_book *chiso_sheets_book(const chiso_sheets *s, size_t place) {
  return &s->books[place];
}

size_t chiso_sheets_good(const chiso_sheets *s) {
  return s->good;
}

size_t chiso_sheets_remarks(const chiso_sheets *s) {
  return s->n_said;
}

const chiso_error *chiso_sheets_remark(const chiso_sheets *s, size_t place) {
  return &s->said[place].error;
}

size_t chiso_sheets_faults(const chiso_sheets *s) {
  return s->faults;
}

bool chiso_sheets_missing(const chiso_sheets *s, size_t group, size_t unit) {
  const chiso__expected *plan = &s->plans[group];
  return plan->claims[unit] == 0 && chiso__expected_assessed(s, plan, unit);
}

size_t chiso_sheets_rows(const chiso_sheets *s) {
  return s->n_rows;
}
