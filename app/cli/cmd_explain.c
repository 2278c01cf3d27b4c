/* SPDX-License-Identifier: Apache-2.0
 * chiso explain: where each point of a unit comes from. */
#include "cli.h"

#include <string.h>

typedef struct why {
  cli *c;
  const chiso_methodology *m;
  const chiso_index *index;
  const chiso_scores *scores;
  const chiso_unit *unit;
  size_t u;
  sheet s;
} why;

static chiso_trace trace_of(const why *w, uint32_t node) {
  chiso_trace trace;
  chiso_explain(chiso_run_program(w->c->run), chiso_run_entries(w->c->run),
                w->scores, node, w->u, &trace);
  return trace;
}

/* ---- what was entered ---------------------------------------------------- */

static const char *value_text(why *w, const chiso_node *node, uint32_t place,
                              uint32_t input, int64_t raw) {
  cli *c = w->c;
  const chiso_input *in = &node->inputs[input];
  if (node->op == CHISO_OP_INDEX &&
      cli_input_unit(node, in) == CHISO_UNIT_POINTS)
    return cli_say(c, TXT_POINTS, cli_raw(c, raw, in->digits));
  if (in->unit != CHISO_UNIT_CHOICE)
    return cli_print(c, "%s%s", cli_raw(c, raw, in->digits),
                     in->unit == CHISO_UNIT_PERCENT ? "%" : "");
  if (node->op == CHISO_OP_CHOICE && raw >= 0 && raw < node->n_steps)
    return node->steps[raw].key;
  uint32_t child = chiso_methodology_first_child(w->m, place);
  for (int64_t i = 0; i < raw && child != CHISO_NO_NODE; i++)
    child = chiso_methodology_next(w->m, child);
  if (child != CHISO_NO_NODE && w->index->nodes[child].when)
    return w->index->nodes[child].when;
  return cli_raw(c, raw, 0);
}

static const char *stage_text(const why *w, chiso_stage stage) {
  return cli_people(w->c) ? chiso_stage_title(stage, w->c->lang)
                          : chiso_stage_key(stage);
}

/* "file:line", with the stage of a row that has one. */
static const char *row_text(why *w, const char *path, uint64_t line,
                            chiso_stage stage) {
  cli *c = w->c;
  const char *slash = strrchr(path, '/');
  const char *file = slash ? slash + 1 : path;
  const char *text =
      line ? cli_print(c, "%s:%llu", file, (unsigned long long)line) : file;
  return stage ? cli_join(c, text, cli_people(c) ? ", " : " ",
                          stage_text(w, stage))
               : text;
}

/* "file:line" of what was entered; *source gets what its row says of it. */
static const char *origin_text(why *w, uint32_t node, uint32_t input,
                               const char **source) {
  cli *c = w->c;
  chiso_origin origin;
  if (!chiso_run_origin(c->run, node, input, w->u, &origin) || !origin.file)
    return "";
  if (source && origin.source)
    *source = origin.source;
  return row_text(w, origin.file, origin.line, origin.stage);
}

/* ---- rows of facts ------------------------------------------------------- */

static void fact(why *w, const char *key, text_id name, const char *value,
                 const char *where) {
  if (!value || value[0] == '\0')
    return;
  bool people = cli_people(w->c), placed = where && where[0];
  sheet_text(&w->s, people ? cli_text(w->c, name) : key);
  sheet_text(&w->s, people && placed ? cli_print(w->c, "%s  (%s)", value, where)
                                     : value);
  sheet_text(&w->s, placed && !people ? where : NULL);
}

static void input_facts(why *w, uint32_t place) {
  cli *c = w->c;
  const char *source = NULL;
  c->point = !cli_people(c); /* for machines */
  const chiso_node *node = &w->index->nodes[place];
  const chiso_entries *entries = chiso_run_entries(c->run);
  uint32_t slot = chiso_program_slot(chiso_run_program(c->run), place);
  for (uint32_t i = 0; i < node->n_inputs; i++) {
    size_t at = (slot + i) * entries->n + w->u;
    if (!entries->have[at])
      continue;
    const char *title =
        cli_pick(c, node->inputs[i].title_vi, node->inputs[i].title_en);
    const char *text =
        cli_print(c, "%s %s", node->inputs[i].key,
                  value_text(w, node, place, i, entries->value[at]));
    fact(w, "input", TXT_FACT_INPUT,
         title[0] ? cli_print(c, "%s (%s)", text, title) : text,
         origin_text(w, place, i, &source));
  }
  fact(w, "data", TXT_FACT_DATA, source, NULL);
  c->point = false;
}

/* ---- what rows say beside their values ------------------------------------
 */

static const char *reference(cli *c, const chiso_evidence *e) {
  const char *text = e->document ? e->document : "";
  if (e->section)
    text =
        cli_join(c, text, ", ", cli_say(c, TXT_EVIDENCE_SECTION, e->section));
  if (e->page)
    text = cli_join(c, text, ", ", cli_say(c, TXT_EVIDENCE_PAGE, e->page));
  return text;
}

static void evidence_facts(why *w, uint32_t place) {
  cli *c = w->c;
  chiso_evidence e;
  for (size_t i = 0; chiso_run_evidence(c->run, place, w->u, i, &e); i++) {
    const char *where = row_text(w, e.file, e.line, e.stage);
    fact(w, "remark", TXT_FACT_REMARK, e.note, where);
    fact(w, "evidence", TXT_FACT_EVIDENCE, reference(c, &e), where);
    if (e.explanation)
      fact(w, "explanation", TXT_FACT_EXPLANATION,
           cli_people(c) ? cli_text(c, TXT_EXPLANATION_ASKED) : "requested",
           where);
  }
}

/* Nodes at or below a place that an explanation is asked for. */
static const char *asked(why *w, uint32_t place, const char *list) {
  cli *c = w->c;
  chiso_evidence e;
  for (size_t i = 0; chiso_run_evidence(c->run, place, w->u, i, &e); i++)
    if (e.explanation) {
      list = cli_join(c, list, ", ", w->index->nodes[place].id);
      break;
    }
  for (uint32_t n = chiso_methodology_first_child(w->m, place);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n))
    list = asked(w, n, list);
  return list;
}

/* What of a total came on top of it or off it. */
static const char *extras_text(const why *w) {
  cli *c = w->c;
  chiso_dec bonus, penalty;
  chiso_run_extras(c->run, w->u, &bonus, &penalty);
  if (bonus == 0 && penalty == 0)
    return "";
  return cli_say(c, TXT_WITH_EXTRAS, cli_dec(c, bonus), cli_dec(c, penalty));
}

/* Who took a node from the unit, and why. */
static const char *exempt_text(const why *w, uint32_t place, const char *text) {
  cli *c = w->c;
  const chiso_exemption *x = chiso_run_exempt(c->run, place, w->u);
  if (!x)
    return text;
  const char *slash = strrchr(x->file, '/');
  text = cli_join(c, text, ": ", x->reason ? x->reason : "");
  text = cli_join(c, text, " · ", x->instrument ? x->instrument : "");
  return cli_print(c, "%s (%s:%llu)", text, slash ? slash + 1 : x->file,
                   (unsigned long long)x->line);
}

/* The reason, with the step, branch or input that it speaks of. */
static const char *reason(why *w, uint32_t place, const chiso_trace *trace) {
  cli *c = w->c;
  const chiso_node *node = &w->index->nodes[place];
  bool constant = node->op == CHISO_OP_STEP && node->n_steps == 0;
  if (place == 0 && trace->reason == CHISO_REASON_NONE)
    return extras_text(w);
  if (trace->reason == CHISO_REASON_NONE ||
      (constant && trace->reason == CHISO_REASON_OTHERWISE))
    return "";
  const char *text = chiso_reason_title(trace->reason, c->lang);
  unsigned giver = chiso_run_not_self(c->run, place);
  if (trace->reason == CHISO_REASON_EXEMPT && giver != CHISO_BY_NONE &&
      !chiso_run_exempt(c->run, place, w->u))
    return cli_say(c, TXT_NOT_SELF,
                   chiso_title(CHISO_FAMILY_ASSESSOR, giver, c->lang));
  if (trace->reason == CHISO_REASON_EXEMPT)
    return exempt_text(w, place, text);
  if (trace->reason == CHISO_REASON_STEP && trace->step < node->n_steps) {
    const chiso_step *step = &node->steps[trace->step];
    return cli_say(c, TXT_STEP_HELD, (unsigned)trace->step + 1,
                   cli_dec(c, step->points));
  }
  if (trace->reason == CHISO_REASON_BRANCH && trace->branch < w->index->n_nodes)
    return cli_say(c, TXT_BRANCH_HELD, w->index->nodes[trace->branch].id,
                   cli_branch_condition(c, w->m, trace->branch));
  uint32_t first = chiso_program_slot(chiso_run_program(c->run), place);
  if (trace->slot != CHISO_NO_SLOT && first != CHISO_NO_SLOT &&
      trace->slot - first < node->n_inputs)
    return cli_print(c, "%s: %s", text, node->inputs[trace->slot - first].key);
  return text;
}

static const char *score_text(why *w, uint32_t place,
                              const chiso_trace *trace) {
  cli *c = w->c;
  unsigned digits = cli_digits(w->index, &w->index->nodes[place]);
  if (!chiso_has_points(trace->state))
    return chiso_state_title(trace->state, c->lang);
  return cli_say(c, TXT_POINTS_OF, cli_dec_digits(c, trace->points, digits),
                 cli_dec_digits(c, trace->max, digits));
}

/* What an overlay set of the node: file, line and instrument of each field. */
static void overlay_facts(why *w, uint32_t place) {
  cli *c = w->c;
  const chiso_listing *listing = NULL;
  size_t count = 0;
  if (!chiso_is_methodology_file(cli_run_path(c)) ||
      chiso_store_read(c->store, cli_run_path(c), &listing, &c->err) !=
          CHISO_OK)
    return;
  const chiso_variant *variant = chiso_store_variant(c->store, listing);
  const chiso_field_origin *list =
      variant ? chiso_variant_origins(variant, place, &count) : NULL;
  for (size_t i = 0; i < count; i++) {
    const char *path = chiso_variant_layer(variant, list[i].layer)->path;
    const char *slash = cli_people(c) ? strrchr(path, '/') : NULL;
    const char *text = list[i].field;
    if (list[i].before)
      text = cli_say(c, TXT_SET_FROM, text, list[i].before);
    fact(w, "set", TXT_FACT_SET,
         cli_join(c, text, " · ", list[i].instrument ? list[i].instrument : ""),
         cli_print(c, "%s:%llu", slash ? slash + 1 : path,
                   (unsigned long long)list[i].line));
  }
}

static void node_facts(why *w, uint32_t place, const chiso_trace *trace) {
  cli *c = w->c;
  const chiso_node *node = &w->index->nodes[place];
  const char *source = NULL;
  if (!cli_people(c)) {
    unsigned digits = cli_digits(w->index, node);
    fact(w, "unit", TXT_FACT_UNIT, w->unit->code, NULL);
    fact(w, "node", TXT_FACT_NODE, node->id, NULL);
    c->point = true;
    if (chiso_has_points(trace->state))
      fact(w, "points", TXT_FACT_POINTS,
           cli_dec_digits(c, trace->points, digits), NULL);
    fact(w, "max", TXT_FACT_MAX, cli_dec_digits(c, trace->max, digits), NULL);
    c->point = false;
  }
  fact(w, "state", TXT_FACT_STATE,
       cli_people(c) ? chiso_state_title(trace->state, c->lang)
                     : chiso_state_key(trace->state),
       trace->state == CHISO_STATE_GIVEN
           ? origin_text(w, place, CHISO_NO_SLOT, &source)
           : NULL);
  fact(w, "data", TXT_FACT_DATA, source, NULL);
  fact(w, "reason", TXT_FACT_REASON, reason(w, place, trace), NULL);
  fact(w, "rule", TXT_FACT_RULE,
       cli_named_rule(c, node,
                      cli_join(c, cli_rule(c, w->m, place), "; ",
                               cli_rule_details(c, w->m, place))),
       NULL);
  fact(w, "rule_text", TXT_FACT_RULE_TEXT, node->rule, NULL);
  input_facts(w, place);
  evidence_facts(w, place);
  fact(w, "legal", TXT_FACT_LAW, cli_law(c, w->index, node), NULL);
  fact(
      w, "provenance", TXT_FACT_PROVENANCE,
      cli_say(c, TXT_NAME_AND_POINTS,
              chiso_title(CHISO_FAMILY_PROVENANCE, node->prov_name, c->lang),
              chiso_title(CHISO_FAMILY_PROVENANCE, node->prov_points, c->lang)),
      NULL);
  fact(w, "source", TXT_FACT_SOURCE, node->source, NULL);
  fact(w, "note", TXT_FACT_NOTE, node->note, NULL);
  overlay_facts(w, place);
}

/* ---- beside what was published ------------------------------------------- */

static void published_notes(why *w, uint32_t place) {
  cli *c = w->c;
  chiso_comparison sum;
  chiso_difference *rows = NULL;
  size_t count = 0;
  chiso_error none = { .lang = c->lang };
  unsigned digits = cli_digits(w->index, &w->index->nodes[place]);
  if (c->n_data > 0)
    return; /* the shipped figures belong to the shipped data */
  chiso_status status =
      chiso_run_compare(c->run, NULL, &sum, &rows, &count, &none);
  if (status != CHISO_OK && status != CHISO_NO)
    return;
  for (size_t i = 0; i < count; i++) {
    const chiso_difference *d = &rows[i];
    if (d->scored != w->u || d->node != place || d->published == CHISO_NONE ||
        d->computed == CHISO_NONE)
      continue;
    chiso_dec gap = d->computed - d->published;
    const char *text =
        cli_say(c, TXT_WAS_PUBLISHED, cli_dec_digits(c, d->published, digits),
                cli_dec(c, gap < 0 ? -gap : gap));
    if (gap != 0)
      text = cli_join(c, text, ": ",
                      cli_text(c, d->reproduced ? TXT_PARTS_ROUNDED
                                                : TXT_BEYOND_TOLERANCE));
    sheet_note(&w->s, text);
  }
  chiso_differences_free(c->run, rows);
}

/* ---- one leaf, or a tree ------------------------------------------------- */

/* A rank says little without how many have one. */
static size_t ranked_at(const why *w, uint32_t place) {
  size_t count = 0;
  for (size_t u = 0; u < chiso_run_scored(w->c->run); u++)
    count += chiso_run_rank(w->c->run, place, u) > 0;
  return count;
}

static void unit_title(why *w, uint32_t place) {
  cli *c = w->c;
  uint32_t rank = chiso_run_rank(c->run, place, w->u);
  const char *text =
      cli_print(c, "%s · %s", cli_unit_name(c, w->unit), cli_run_title(c));
  size_t ranked = ranked_at(w, place);
  if (rank > 0)
    text = cli_join(c, text, " · ",
                    place == 0 ? cli_say(c, TXT_RANK_IS, (unsigned)rank, ranked)
                               : cli_say(c, TXT_RANK_AT, (unsigned)rank, ranked,
                                         w->index->nodes[place].id));
  sheet_title(&w->s, text);
}

/* What is missing of an incomplete node, and how much is there. */
static void incomplete_title(why *w, uint32_t place) {
  cli *c = w->c;
  standing at = standing_at(c, place);
  chiso_dec points, max;
  unsigned digits = cli_digits(w->index, &w->index->nodes[place]);
  const char *lacks = standing_lacks(&at, w->u);
  const char *text = chiso_state_title(CHISO_STATE_INCOMPLETE, c->lang);
  if (lacks[0] != '\0')
    text = cli_say(c, TXT_LACKS, text, lacks);
  if (standing_so_far(&at, w->u, &points, &max))
    text = cli_join(c, text, "; ",
                    cli_say(c, TXT_SO_FAR, cli_dec_digits(c, points, digits),
                            cli_dec_digits(c, max, digits)));
  sheet_title(&w->s, text);
}

/* Something below is known: worth showing. */
static bool known(const why *w, uint32_t place) {
  for (uint32_t n = chiso_methodology_first_child(w->m, place);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n))
    if (chiso_has_points(w->scores->state[n * w->scores->n + w->u]) ||
        w->scores->state[n * w->scores->n + w->u] == CHISO_STATE_ERROR ||
        known(w, n))
      return true;
  return false;
}

static void child_facts(why *w, uint32_t place) {
  cli *c = w->c;
  for (uint32_t n = chiso_methodology_first_child(w->m, place);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n)) {
    chiso_trace trace = trace_of(w, n);
    fact(w, "child", TXT_FACT_CHILD,
         cli_print(c, "%s %s", w->index->nodes[n].id,
                   cli_title(c, &w->index->nodes[n])),
         score_text(w, n, &trace));
  }
}

static int explain_node(why *w, uint32_t place) {
  cli *c = w->c;
  const chiso_node *node = &w->index->nodes[place];
  chiso_trace trace = trace_of(w, place);
  unit_title(w, place);
  sheet_title(&w->s, cli_print(c, "%s  %s %s", score_text(w, place, &trace),
                               node->id, cli_title(c, node)));
  sheet_column_named(&w->s, "field", "", CHISO_CELL_TEXT, 0);
  sheet_column_named(&w->s, "value", "", CHISO_CELL_TEXT, 0);
  sheet_column_named(&w->s, "where", "", CHISO_CELL_TEXT, 0);
  if (trace.state == CHISO_STATE_INCOMPLETE)
    incomplete_title(w, place);
  node_facts(w, place, &trace);
  if (trace.state != CHISO_STATE_GIVEN || known(w, place))
    child_facts(w, place);
  published_notes(w, place);
  cli_run_notes(&w->s, place, w->u);
  return sheet_write(&w->s);
}

static void tree_columns(why *w) {
  sheet *s = &w->s;
  unsigned digits = w->index->digits;
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC, digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, digits);
  sheet_column(s, "state", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "reason", TXT_COL_REASON, CHISO_CELL_TEXT, 0);
  if (!cli_people(w->c))
    sheet_column(s, "provenance", TXT_COL_PROVENANCE, CHISO_CELL_TEXT, 0);
}

static void tree_row(why *w, uint32_t place, unsigned depth) {
  cli *c = w->c;
  const chiso_node *node = &w->index->nodes[place];
  chiso_trace trace = trace_of(w, place);
  bool people = cli_people(c);
  sheet_text(&w->s, node->id);
  sheet_text(&w->s, people ? cli_print(c, "%*s%s", (int)depth * 2, "",
                                       cli_title(c, node))
                           : cli_title(c, node));
  sheet_dec(&w->s, chiso_has_points(trace.state) ? trace.points : CHISO_NONE);
  sheet_dec(&w->s, trace.max);
  sheet_text(&w->s, people ? chiso_state_title(trace.state, c->lang)
                           : chiso_state_key(trace.state));
  const char *text = reason(w, place, &trace);
  if (text[0] == '\0' && trace.state == CHISO_STATE_GIVEN)
    text = origin_text(w, place, CHISO_NO_SLOT, NULL);
  sheet_text(&w->s, text);
  if (!people)
    sheet_text(&w->s, chiso_has_points(trace.state)
                          ? chiso_key(CHISO_FAMILY_PROVENANCE,
                                      chiso_run_provenance(c->run, place, w->u))
                          : NULL);
}

/* Nothing was entered at the node or below it. */
static bool bare(const why *w, uint32_t place) {
  const chiso_entries *e = chiso_run_entries(w->c->run);
  uint32_t slot = chiso_program_slot(chiso_run_program(w->c->run), place);
  if (e->entry[place * e->n + w->u] != CHISO_ENTRY_NONE)
    return false;
  for (uint32_t i = 0; i < w->index->nodes[place].n_inputs; i++)
    if (e->have[(slot + i) * e->n + w->u])
      return false;
  for (uint32_t n = chiso_methodology_first_child(w->m, place);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n))
    if (!bare(w, n))
      return false;
  return true;
}

/* People are spared branches that were not chosen, and what has no data: the
 * title says what is missing. */
static bool hidden(const why *w, uint32_t place) {
  if (!cli_people(w->c) || place == 0)
    return false;
  if (w->index->nodes[place].kind != CHISO_KIND_BRANCH)
    return w->scores->state[place * w->scores->n + w->u] ==
               CHISO_STATE_MISSING &&
           bare(w, place);
  chiso_trace of = trace_of(w, chiso_methodology_parent(w->m, place));
  return of.branch != place;
}

/* What stands below points that were given is not how they came about: it is
 * shown only where something of it is known. */
static void tree_rows(why *w, uint32_t place, unsigned depth) {
  if (hidden(w, place))
    return;
  tree_row(w, place, depth);
  uint8_t state = w->scores->state[place * w->scores->n + w->u];
  if ((state == CHISO_STATE_GIVEN || state == CHISO_STATE_MISSING) &&
      place != 0 && !known(w, place))
    return;
  for (uint32_t n = chiso_methodology_first_child(w->m, place);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n))
    tree_rows(w, n, depth + 1);
}

/* Parts of a partition that were given instead of the areas. */
static void part_notes(why *w) {
  cli *c = w->c;
  const chiso_entries *entries = chiso_run_entries(c->run);
  uint32_t at = 0;
  for (uint32_t i = 0; i < w->index->n_partitions; i++) {
    const chiso_partition *partition = &w->index->partitions[i];
    for (uint32_t k = 0; k < partition->n_parts; k++, at++) {
      const chiso_part *part = &partition->parts[k];
      if (!entries->any_part || !entries->have_part[at * entries->n + w->u])
        continue;
      sheet_note(
          &w->s,
          cli_say(c, TXT_PART, cli_pick(c, part->title_vi, part->title_en),
                  cli_dec_digits(c, entries->part[at * entries->n + w->u],
                                 w->index->digits),
                  cli_dec(c, part->max)));
    }
  }
}

static int explain_tree(why *w, uint32_t place) {
  cli *c = w->c;
  chiso_trace trace = trace_of(w, place);
  unit_title(w, place);
  if (trace.state == CHISO_STATE_INCOMPLETE)
    incomplete_title(w, place);
  else
    sheet_title(&w->s, cli_print(c, "%s  %s", score_text(w, place, &trace),
                                 cli_title(c, &w->index->nodes[place])));
  tree_columns(w);
  tree_rows(w, place, 0);
  if (place == 0)
    part_notes(w);
  const char *list = asked(w, place, "");
  if (list[0] != '\0')
    sheet_note(&w->s, cli_say(c, TXT_EXPLANATIONS_AT, list));
  published_notes(w, place);
  cli_run_notes(&w->s, place, w->u);
  return sheet_write(&w->s);
}

int cmd_explain(cli *c) {
  why w = { .c = c };
  uint32_t place = 0;
  if (!c->value[OPT_UNIT])
    return cli_usage(c, TXT_ERR_NEEDS, "unit");
  int code = cli_run_of_unit(c, c->value[OPT_UNIT]);
  if (code != EXIT_DONE)
    return code;
  w.m = chiso_run_methodology(c->run);
  w.index = chiso_methodology_index(w.m);
  w.scores = chiso_run_scores(c->run);
  code = cli_scored(c, c->value[OPT_UNIT], &w.u);
  if (code == EXIT_DONE)
    w.unit = cli_scored_unit(c, w.u);
  if (code == EXIT_DONE && c->value[OPT_NODE])
    code = cli_node(c, w.m, c->value[OPT_NODE], &place);
  if (code != EXIT_DONE)
    return code;
  w.s = sheet_new(c);
  if (place != 0)
    return explain_node(&w, place);
  return explain_tree(&w, place);
}
