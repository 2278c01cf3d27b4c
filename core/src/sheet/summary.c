/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary.c - a summary as a whole: its groups, and what stands on top of
 * every sheet. */
#include "sheet/summary.h"

#include <string.h>

/* ---- a group ------------------------------------------------------------- */

const chiso_unit *chiso__sum_unit(const chiso__summary_view *view,
                                  size_t scored) {
  return chiso_units_get(chiso_run_units(view->run),
                         chiso_run_unit(view->run, scored));
}

const char *chiso__sum_unit_name(const chiso__summary_view *view,
                                 size_t scored) {
  const chiso_unit *unit = chiso__sum_unit(view, scored);
  return chiso__sum_pick(view->book, unit->name_vi, unit->name_en);
}

chiso_dec chiso__sum_points(const chiso__summary_view *view, uint32_t node,
                            size_t scored) {
  size_t at = node * view->scores->n + scored;
  return chiso_has_points(view->scores->state[at]) ? view->scores->points[at]
                                                   : CHISO_NONE;
}

chiso_dec chiso__sum_percent(const chiso__summary_view *view, uint32_t node,
                             size_t scored) {
  return chiso_percent(chiso_run_program(view->run), view->scores, node,
                       scored);
}

const char *chiso__sum_label(const chiso__summary_view *view, uint32_t node) {
  const chiso_node *n = &view->index->nodes[node];
  const char *title = chiso__sum_pick(view->book, n->title_vi, n->title_en);
  return chiso__sum_say(view->book, SUM_LABEL, n->id, title);
}

/* The ranked units by rank: one pass for each rank's share of places, since
 * ranks are 1..n; those of one rank stay in the order of the set. */
static bool put_in_order(chiso__summary_view *v) {
  size_t n = v->n;
  size_t *begins = chiso__arena_array(&v->book->arena, n + 2, sizeof *begins);
  v->order = chiso__arena_array(&v->book->arena, n + 1, sizeof *v->order);
  if (!begins || !v->order)
    return false;
  for (size_t u = 0; u < n; u++) {
    uint32_t rank = chiso_run_rank(v->run, 0, u);
    v->ranked += rank != 0;
    begins[rank == 0 ? n + 1 : rank]++;
  }
  size_t before = 0;
  for (size_t rank = 1; rank <= n + 1; rank++) {
    size_t count = begins[rank];
    begins[rank] = before;
    before += count;
  }
  for (size_t u = 0; u < n; u++) {
    uint32_t rank = chiso_run_rank(v->run, 0, u);
    v->order[begins[rank == 0 ? n + 1 : rank]++] = u;
  }
  return true;
}

/* Bonus and penalty are no areas: their weight is 0. */
static bool find_areas(chiso__summary_view *v) {
  v->areas = chiso__arena_array(&v->book->arena, CHISO_SUMMARY_AREAS,
                                sizeof *v->areas);
  if (!v->areas)
    return false;
  for (uint32_t n = chiso_methodology_first_child(v->m, 0); n != CHISO_NO_NODE;
       n = chiso_methodology_next(v->m, n)) {
    if (v->index->nodes[n].weight == 0)
      continue;
    if (v->n_areas < CHISO_SUMMARY_AREAS)
      v->areas[v->n_areas++] = n;
    v->all_areas++;
  }
  /* points of the whole may have been published without those of areas */
  for (size_t i = 0; i < v->n_areas; i++)
    for (size_t u = 0; u < v->n; u++)
      if (chiso__sum_points(v, v->areas[i], u) != CHISO_NONE)
        return true;
  v->n_areas = 0;
  return true;
}

/* Digits after the mark that a value needs. */
static unsigned digits_of(chiso_dec value) {
  unsigned digits = 0;
  while (digits < CHISO_DEC_DIGITS &&
         chiso_dec_round(value, digits, CHISO_ROUND_CUT_OFF) != value)
    digits++;
  return digits;
}

static void find_digits(chiso__summary_view *v) {
  v->digits = v->book->what->exact ? CHISO_DEC_DIGITS : v->index->digits;
  v->part_digits = v->book->what->exact ? v->digits : 2;
  v->part_digits = v->digits < v->part_digits ? v->digits : v->part_digits;
  for (size_t i = 0; i < v->n && v->max_digits < v->digits; i++) {
    unsigned digits = digits_of(v->scores->max[i]);
    v->max_digits = digits > v->max_digits ? digits : v->max_digits;
  }
  v->max_digits = v->max_digits < v->digits ? v->max_digits : v->digits;
}

static const char *mark_of(chiso__summary_view *v) {
  const char *name = chiso_methodology_name(v->m);
  if (v->index->scope != CHISO_SCOPE_INTERNAL)
    return "";
  return v->index->variant_of
             ? chiso__sum_say(v->book, SUM_MARK_VARIANT, name,
                              v->index->variant_of)
             : chiso__sum_say(v->book, SUM_MARK_INTERNAL, name);
}

static bool view_make(chiso__summary_book *book,
                      const chiso_summary_group *group,
                      chiso__summary_view *v) {
  *v = (chiso__summary_view) { .book = book,
                               .group = group,
                               .run = group->run,
                               .m = chiso_run_methodology(group->run),
                               .scores = chiso_run_scores(group->run),
                               .n = chiso_run_scored(group->run) };
  v->index = chiso_methodology_index(v->m);
  find_digits(v);
  v->by_percent = v->index->rank_by == CHISO_RANK_PERCENT;
  v->mark = mark_of(v);
  for (size_t u = 0; u < v->n; u++) {
    chiso_dec bonus = 0, penalty = 0;
    chiso_run_extras(v->run, u, &bonus, &penalty);
    v->bonus = v->bonus || bonus != 0;
    v->penalty = v->penalty || penalty != 0;
  }
  return put_in_order(v) && find_areas(v);
}

/* ---- the lines on top ---------------------------------------------------- */

static const char *law(const chiso__summary_view *v) {
  if (v->index->n_legal == 0)
    return "";
  const chiso_legal *legal = &v->index->legal[0];
  chiso_date day = legal->issued;
  char text[16] = "";
  if (day.day)
    (void)snprintf(text, sizeof text, "%02u/%02u/%u", day.day, day.month,
                   day.year);
  if (text[0])
    return chiso__sum_say(v->book, SUM_LAW_DATED, legal->instrument, text);
  return chiso__sum_say(v->book, SUM_LAW, legal->instrument);
}

/* The lowest of the provenances that totals rest on. */
static unsigned provenance(const chiso__summary_view *v) {
  unsigned least = CHISO_PROV_OFFICIAL;
  for (size_t u = 0; u < v->n; u++) {
    if (chiso__sum_points(v, 0, u) == CHISO_NONE)
      continue;
    unsigned one = chiso_run_provenance(v->run, 0, u);
    least = one < least ? one : least;
  }
  return least;
}

void chiso__sum_top(const chiso__summary_view *view,
                    chiso__summary_sheet *sheet, chiso__sum_word title) {
  chiso__summary_book *b = view->book;
  const char *group =
      chiso__sum_pick(b, view->group->title_vi, view->group->title_en);
  const char *what = chiso__sum_say(b, title);
  const char *set =
      chiso__sum_pick(b, view->index->title_vi, view->index->title_en);
  const char *round = chiso__sum_pick(b, b->what->title_vi, b->what->title_en);
  const char *name = chiso_methodology_name(view->m);
  char period[16];
  chiso_round_format(chiso_run_round(view->run), period);
  chiso__sum_line(
      sheet, group[0] ? chiso__sum_say(b, SUM_OF_GROUP, what, group) : what,
      CHISO__LOOK_TITLE);
  chiso__sum_line(sheet, round, CHISO__LOOK_STRONG);
  chiso__sum_line(sheet, chiso__sum_say(b, SUM_SET, set, name),
                  round[0] ? CHISO__LOOK_LINE : CHISO__LOOK_STRONG);
  chiso__sum_line(sheet, view->mark, CHISO__LOOK_MARK);
  chiso__sum_line(sheet,
                  chiso__sum_say(b, SUM_PERIOD, period,
                                 chiso_stage_title(chiso_run_stage(view->run),
                                                   b->what->lang),
                                 law(view)),
                  CHISO__LOOK_LINE);
  unsigned least = provenance(view);
  if (least < CHISO_PROV_PUBLISHED)
    chiso__sum_line(sheet,
                    chiso__sum_say(b, SUM_NOT_OFFICIAL,
                                   chiso_title(CHISO_FAMILY_PROVENANCE, least,
                                               b->what->lang)),
                    CHISO__LOOK_LINE);
  chiso__sum_height(sheet, sheet->row, 0);
  sheet->row++;
}

/* ---- the workbook -------------------------------------------------------- */

static lxw_error fill(const chiso__xlsx *xlsx, lxw_workbook *workbook,
                      void *user) {
  chiso__summary_book *b = user;
  b->xlsx = xlsx;
  b->workbook = workbook;
  for (size_t i = 0; i < b->what->n_groups && b->error == LXW_NO_ERROR; i++) {
    chiso__summary_view view;
    if (!view_make(b, &b->what->groups[i], &view))
      return LXW_ERROR_MEMORY_MALLOC_FAILED;
    chiso__sum_ranking(&view);
    chiso__sum_heat(&view);
    chiso__sum_charts(&view);
    chiso__sum_stages(&view);
    chiso__sum_details(&view);
  }
  return b->error;
}

chiso_status chiso_summary_render(const chiso_summary *summary,
                                  const chiso_allocator *allocator,
                                  char **bytes, size_t *size,
                                  chiso_error *err) {
  chiso__summary_book book = { .what = summary,
                               .allocator = allocator,
                               .arena = { .allocator = allocator },
                               .details_left = CHISO_SUMMARY_DETAILS,
                               .error = LXW_NO_ERROR };
  chiso__buffer out = { .allocator = allocator };
  *bytes = NULL;
  *size = 0;
  book.names = chiso__arena_array(&book.arena, summary->n_groups * 8,
                                  sizeof *book.names);
  chiso_status status =
      book.names ? chiso__xlsx_make(allocator, fill, &book, &out, err)
                 : chiso__no_memory(err);
  chiso__arena_free(&book.arena);
  if (status == CHISO_OK && out.failed)
    status = chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso__buffer_free(&out);
    return status;
  }
  *bytes = out.data;
  *size = out.size;
  return CHISO_OK;
}
