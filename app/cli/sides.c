/* SPDX-License-Identifier: Apache-2.0
 * The columns of chiso compare: operands, figures, titles. */
#include "sides.h"

#include <math.h>
#include <string.h>

/* ---- operands ------------------------------------------------------------ */

typedef struct operand {
  const char *methodology; /* or the path of a round file */
  const char *round;       /* or its group; NULL: the only one */
  const char *node;        /* NULL: the index */
  const char *stage;       /* NULL: as --stage says */
  const char *file;        /* NULL: what is published, or the round's data */
  bool round_file;
} operand;

/* The part of a text before the first of some signs; *rest is what follows. */
static const char *before(cli *c, const char *text, const char *signs,
                          const char **rest) {
  size_t size = strcspn(text, signs);
  *rest = text + size;
  return cli_copy(c, text, size);
}

/* "@ROUND", then ":NODE" and "+STAGE" if they are there. */
static bool split_rest(cli *c, const char *text, operand *out) {
  const char *rest = text;
  bool good = true;
  if (*rest == '@') {
    out->round = before(c, rest + 1, ":+", &rest);
    good = *out->round != '\0';
  }
  if (good && *rest == ':') {
    out->node = before(c, rest + 1, "+", &rest);
    good = *out->node != '\0';
  }
  if (good && *rest == '+') {
    out->stage = rest + 1;
    good = *out->stage != '\0';
  }
  return good && (out->stage || !*rest) && (out->round || out->round_file);
}

/* METH@ROUND[:NODE][+STAGE][=FILE], or ROUND.ini[@GROUP]… A path before '@' may
 * hold anything but '='. */
static bool split(cli *c, const char *text, operand *out) {
  static const char ending[] = ".ini";
  size_t size = strcspn(text, "=");
  const char *spec = cli_copy(c, text, size), *ini = strstr(spec, ending);
  const char *at = strrchr(spec, '@');
  *out = (operand) { .file = text[size] == '=' ? text + size + 1 : NULL };
  if (out->file && !*out->file)
    return false;
  for (; ini; ini = strstr(ini + 1, ending)) {
    const char *end = ini + strlen(ending);
    out->methodology = cli_copy(c, spec, (size_t)(end - spec));
    if (strchr("@:+", *end) && chiso_is_round_file(out->methodology)) {
      out->round_file = true;
      return split_rest(c, end, out);
    }
  }
  if (!at || at == spec)
    return false;
  out->methodology = cli_copy(c, spec, (size_t)(at - spec));
  return split_rest(c, at, out);
}

/* A part of a partition by its id, or CHISO_NO_NODE. */
static uint32_t find_part(const chiso_index *index, const char *id) {
  uint32_t place = 0;
  for (uint32_t i = 0; i < index->n_partitions; i++)
    for (uint32_t k = 0; k < index->partitions[i].n_parts; k++, place++)
      if (strcmp(index->partitions[i].parts[k].id, id) == 0)
        return place;
  return CHISO_NO_NODE;
}

static const chiso_part *part_at(const chiso_index *index, uint32_t place) {
  uint32_t i = 0;
  for (; place >= index->partitions[i].n_parts; i++)
    place -= index->partitions[i].n_parts;
  return &index->partitions[i].parts[place];
}

static int find_node(bench *b, column *k, const char *id) {
  k->side = (chiso_side) { k->figures, 0, CHISO_NO_NODE };
  if (!id)
    return EXIT_DONE;
  k->side.part = find_part(chiso_methodology_index(k->m), id);
  return k->side.part != CHISO_NO_NODE
             ? EXIT_DONE
             : cli_node(b->c, k->m, id, &k->side.node);
}

/* The column for the units of --bridge. */
static int bridge(bench *b, column *k) {
  cli *c = b->c;
  chiso_bridge_options o = cli_bridge_options(c, c->value[OPT_BRIDGE]);
  k->older = k->figures;
  k->figures = NULL;
  chiso_status status = chiso_bridge_new(
      c->store, chiso_figures_units(k->older), &o, NULL, &k->bridge, &c->err);
  if (status == CHISO_OK)
    status =
        chiso_bridge_figures(k->bridge, k->older, NULL, &k->figures, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  if (!chiso_bridge_same(k->bridge))
    k->label = cli_print(c, "%s (estimate)", k->text);
  return EXIT_DONE;
}

/* ---- figures ------------------------------------------------------------- */

/* A run with faults tells them itself. */
static int of_faulty(cli *c, chiso_run *run, chiso_status status) {
  if (!run)
    return cli_fail(c, status);
  cli_remarks(c, run);
  return cli_exit(status);
}

static int read_published(bench *b, column *k, const operand *o) {
  cli *c = b->c;
  chiso_run *run = NULL;
  chiso_run_options options = { .methodology = o->methodology,
                                .round = o->round };
  if (o->file) {
    options.data = &o->file;
    options.n_data = 1;
    options.units = c->value[OPT_UNITS];
    options.stage = o->stage ? o->stage : c->value[OPT_STAGE];
  } else if (o->stage) {
    return cli_usage(c, TXT_ERR_SIDE_STAGE, k->text);
  }
  k->published = !o->file;
  chiso_status status =
      chiso_figures_read(c->store, &options, NULL, &k->figures, &run, &c->err);
  if (status != CHISO_OK) {
    int code = of_faulty(c, run, status);
    chiso_run_free(run);
    return code;
  }
  return EXIT_DONE;
}

/* Which group of a round file. */
static int find_group(bench *b, const column *k, const operand *o,
                      size_t *place) {
  cli *c = b->c;
  const char *keys = "";
  size_t count = chiso_round_groups(k->round);
  for (size_t i = 0; i < count; i++)
    keys = cli_join(c, keys, ", ", chiso_round_group(k->round, i)->key);
  *place = o->round ? chiso_round_find(k->round, o->round)
                    : (count == 1 ? 0 : SIZE_MAX);
  if (*place != SIZE_MAX)
    return EXIT_DONE;
  return o->round
             ? cli_usage(c, TXT_ERR_UNIT_GROUP, o->round, keys)
             : cli_usage(c, TXT_ERR_SIDE_GROUP, k->text, o->methodology, keys);
}

static int read_group(bench *b, column *k, const operand *o) {
  cli *c = b->c;
  size_t place;
  chiso_status status = chiso_round_read(o->methodology, (chiso_date) { 0 },
                                         c->store, NULL, &k->round, &c->err);
  if (status != CHISO_OK && k->round)
    cli_round_faults(c, k->round);
  if (status != CHISO_OK)
    return k->round ? cli_exit(status) : cli_fail(c, status);
  int code = find_group(b, k, o, &place);
  if (code != EXIT_DONE)
    return code;
  const chiso_group *g = chiso_round_group(k->round, place);
  status = chiso_round_run(
      k->round, place, o->stage ? o->stage : c->value[OPT_STAGE],
      o->file ? &o->file : NULL, o->file ? 1 : 0, NULL, &k->run, &c->err);
  if (status != CHISO_OK)
    return of_faulty(c, k->run, status);
  status = chiso_figures_of_run(k->run, NULL, &k->figures, &c->err);
  if (g->title_vi)
    k->about = cli_pick(c, g->title_vi, g->title_en ? g->title_en : "");
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int read_figures(bench *b, column *k, const operand *o) {
  cli *c = b->c;
  chiso_stage stage;
  if (o->stage && !chiso_stage_parse(o->stage, &stage))
    return cli_usage(c, TXT_ERR_SIDE_STAGE_WORD, o->stage);
  cli_progress_begin();
  int code = o->round_file ? read_group(b, k, o) : read_published(b, k, o);
  cli_progress_end();
  if (code != EXIT_DONE)
    return code;
  k->m = chiso_figures_methodology(k->figures);
  cli_rests_on(c, k->m);
  bool told = false;
  for (const column *other = b->columns; other < k; other++)
    told = told || other->m == k->m;
  if (!o->round_file && !told)
    cli_passed_over(c, o->methodology, k->m,
                    chiso_figures_round(k->figures).year);
  if (o->stage) {
    const char *word = chiso_stage_title(stage, c->lang);
    k->about = k->about ? cli_say(c, TXT_SIDE_PART, k->about, word)
                        : cli_copy(c, word, strlen(word));
  }
  code = c->value[OPT_BRIDGE] ? bridge(b, k) : EXIT_DONE;
  return code == EXIT_DONE ? find_node(b, k, o->node) : code;
}

static int read_column(bench *b, const char *text) {
  cli *c = b->c;
  operand o;
  column *k = &b->columns[b->count++];
  k->text = k->label = text;
  k->letter = cli_print(c, "%c", (char)('A' + (b->count - 1)));
  if (!split(c, text, &o))
    return cli_usage(c, TXT_ERR_SIDE, text);
  for (size_t i = 0; i + 1 < b->count; i++)
    if (strcmp(b->columns[i].text, text) == 0)
      return cli_usage(c, TXT_ERR_SIDE_TWICE, text);
  return read_figures(b, k, &o);
}

int bench_open(bench *b) {
  cli *c = b->c;
  chiso_side sides[BENCH_MOST];
  int code = cli_open_store(c);
  for (size_t i = 0; code == EXIT_DONE && i < c->n_operands; i++)
    code = read_column(b, c->operand[i]);
  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; i < b->count; i++)
    sides[i] = b->columns[i].side;
  chiso_status status =
      chiso_sides_new(sides, b->count, NULL, &b->sides, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  b->units = chiso_figures_units(b->columns[0].figures);
  size_t n = chiso_units_count(b->units) + 1;
  b->x = cli_alloc(c, n * sizeof *b->x);
  b->y = cli_alloc(c, n * sizeof *b->y);
  b->table = cli_alloc(c, n * b->count * sizeof *b->table);
  return b->x && b->y && b->table ? EXIT_DONE : EXIT_BUG;
}

void bench_close(bench *b) {
  chiso_sides_free(b->sides);
  for (size_t i = 0; i < b->count; i++) {
    chiso_figures_free(b->columns[i].figures);
    chiso_bridge_free(b->columns[i].bridge);
    chiso_figures_free(b->columns[i].older);
    chiso_run_free(b->columns[i].run);
    chiso_round_free(b->columns[i].round);
  }
}

/* ---- columns of nodes ---------------------------------------------------- */

void bench_percents(const bench *b, size_t place, uint32_t node, double *out) {
  for (size_t u = 0; u < chiso_units_count(b->units); u++)
    out[u] = chiso_figures_get(b->columns[place].figures, node, u).percent;
}

uint32_t bench_area(const column *k, uint32_t after) {
  const chiso_node *nodes = chiso_methodology_index(k->m)->nodes;
  if (k->side.part != CHISO_NO_NODE)
    return CHISO_NO_NODE;
  uint32_t at = after == CHISO_NO_NODE
                    ? chiso_methodology_first_child(k->m, k->side.node)
                    : chiso_methodology_next(k->m, after);
  while (at != CHISO_NO_NODE && nodes[at].weight == 0)
    at = chiso_methodology_next(k->m, at);
  return at;
}

const char *bench_concept(const bench *b, size_t place, uint32_t node) {
  const chiso_node *n =
      &chiso_methodology_index(b->columns[place].m)->nodes[node];
  bool counts = n->weight > 0 && n->concept_id && n->concept_id[0];
  return counts && b->columns[place].side.part == CHISO_NO_NODE ? n->concept_id
                                                                : NULL;
}

uint32_t bench_by_concept(const bench *b, size_t place, const char *concept) {
  uint32_t n = chiso_methodology_index(b->columns[place].m)->n_nodes;
  for (uint32_t i = 0; i < n; i++) {
    const char *own = bench_concept(b, place, i);
    if (own && strcmp(own, concept) == 0)
      return i;
  }
  return CHISO_NO_NODE;
}

/* Whether a leaf takes its points from a node of another methodology. */
static bool takes(const bench *b, const chiso_node *leaf, size_t from,
                  const chiso_node *node) {
  return leaf->op == CHISO_OP_INDEX && leaf->ref_index && leaf->ref_node &&
         strcmp(leaf->ref_index,
                chiso_methodology_index(b->columns[from].m)->id) == 0 &&
         strcmp(leaf->ref_node, node->id) == 0;
}

uint32_t bench_twin(const bench *b, size_t from, uint32_t node, size_t to) {
  const chiso_index *there = chiso_methodology_index(b->columns[to].m);
  const chiso_node *own =
      &chiso_methodology_index(b->columns[from].m)->nodes[node];
  const char *concept = bench_concept(b, from, node);
  uint32_t at = concept ? bench_by_concept(b, to, concept) : CHISO_NO_NODE;
  bool parts = b->columns[from].side.part != CHISO_NO_NODE ||
               b->columns[to].side.part != CHISO_NO_NODE;
  for (uint32_t i = 0; at == CHISO_NO_NODE && !parts && i < there->n_nodes; i++)
    if (takes(b, own, to, &there->nodes[i]) ||
        takes(b, &there->nodes[i], from, own))
      at = i;
  return at;
}

/* ---- words --------------------------------------------------------------- */

void bench_titles(bench *b, sheet *s) {
  cli *c = b->c;
  for (size_t i = 0; i < b->count; i++) {
    const column *k = &b->columns[i];
    const chiso_index *index = chiso_methodology_index(k->m);
    const char *title = cli_pick(c, index->title_vi, index->title_en);
    char round[16];
    chiso_round_format(chiso_figures_round(k->figures), round);
    if (k->side.part != CHISO_NO_NODE) {
      const chiso_part *part = part_at(index, k->side.part);
      title = cli_say(c, TXT_SIDE_PART, title,
                      cli_pick(c, part->title_vi, part->title_en));
    } else if (k->side.node != 0) {
      title = cli_say(c, TXT_SIDE_PART, title,
                      cli_title(c, &index->nodes[k->side.node]));
    }
    if (k->bridge && !chiso_bridge_same(k->bridge))
      title = cli_say(c, TXT_BRIDGE_SIDE, title, cli_bridge_rule(c, k->bridge));
    if (k->about)
      title = cli_say(c, TXT_SIDE_PART, title, k->about);
    sheet_title(s, cli_say(c, TXT_SIDE_TITLE, k->letter, title, round,
                           chiso_methodology_name(k->m),
                           chiso_sides_known(b->sides, i)));
  }
}

static bool part_known(const bench *b, const column *k, uint32_t part) {
  for (size_t u = 0; u < chiso_units_count(b->units); u++)
    if (chiso_figures_part(k->figures, part, u).from != CHISO_FIGURE_NONE)
      return true;
  return false;
}

/* Parts of a column that could be columns too. */
static const char *parts_of(bench *b, const column *k, const char *list) {
  cli *c = b->c;
  const chiso_index *index = chiso_methodology_index(k->m);
  uint32_t place = 0;
  if (k->side.part != CHISO_NO_NODE || k->side.node != 0 || !k->published)
    return list;
  for (uint32_t i = 0; i < index->n_partitions; i++)
    for (uint32_t p = 0; p < index->partitions[i].n_parts; p++, place++) {
      const char *name =
          cli_print(c, "%s:%s", k->text, index->partitions[i].parts[p].id);
      bool there = !part_known(b, k, place);
      for (size_t j = 0; j < b->count; j++)
        there = there || strcmp(b->columns[j].text, name) == 0;
      if (!there)
        list = cli_join(c, list, ", ", name);
    }
  return list;
}

void bench_notes(bench *b, sheet *s) {
  bool sparse = false;
  const char *list = "";
  for (size_t i = 0; i < b->count; i++) {
    list = parts_of(b, &b->columns[i], list);
    sparse = sparse ||
             (b->columns[i].published &&
              2 * chiso_sides_known(b->sides, i) < chiso_units_count(b->units));
  }
  if (*list)
    sheet_note(s, cli_say(b->c, TXT_SIDES_PARTS, list));
  if (sparse)
    sheet_note(s, cli_text(b->c, TXT_SIDES_SAMPLE));
}
