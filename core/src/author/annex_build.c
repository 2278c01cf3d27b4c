/* SPDX-License-Identifier: Apache-2.0
 * author/annex_build.c - a methodology of the drafts. */
#include <string.h>

#include "author/annex.h"
#include "base/text.h"

typedef struct builder {
  chiso__annex *annex;
  const chiso_import_options *options;
  const chiso_index *base; /* may be NULL */
  chiso_methodology *m;
  chiso__buffer lacks;
} builder;

/* Everything moves into the arena of the methodology, which outlives ours. */
static const char *keep(builder *b, const char *text) {
  const char *kept =
      text ? chiso__arena_text(&b->m->arena, text, strlen(text)) : NULL;
  b->annex->failed |= text && !kept;
  return kept;
}

static void *keep_array(builder *b, const void *list, size_t count,
                        size_t element) {
  void *kept = chiso__arena_array(&b->m->arena, count, element);
  b->annex->failed |= !kept;
  if (kept && count)
    memcpy(kept, list, count * element);
  return kept;
}

/* ---- the head ------------------------------------------------------------ */

/* A member that must be given; `stand_in` serves until then. */
static const char *wanted(builder *b, const char *option, const char *given,
                          const char *other, const char *stand_in) {
  if (given || other)
    return keep(b, given ? given : other);
  chiso__buffer_print(&b->lacks, "%s--%s", b->lacks.size ? " " : "", option);
  return keep(b, stand_in);
}

static uint16_t year_of(const char *edition) {
  unsigned year = 0;
  for (int i = 0; i < 4 && edition[i] >= '0' && edition[i] <= '9'; i++)
    year = year * 10 + (unsigned)(edition[i] - '0');
  return (uint16_t)(year >= 1900 && year <= 2999 ? year : 2000);
}

static const char *legal_key(builder *b, const char *instrument) {
  const char *slug = chiso__text_slug(&b->m->arena, instrument);
  b->annex->failed |= !slug;
  return slug && *slug ? slug : "main";
}

static void make_legal(builder *b) {
  chiso_index *ix = &b->m->index;
  chiso_legal *legal = chiso__arena_array(&b->m->arena, 1, sizeof *legal);
  b->annex->failed |= !legal;
  if (!legal)
    return;
  legal->instrument =
      wanted(b, "legal", b->options->legal, b->annex->legal, "?");
  if (!b->annex->failed)
    legal->key = legal_key(b, legal->instrument);
  if (b->annex->legal &&
      (!b->options->legal || strcmp(b->options->legal, b->annex->legal) == 0))
    legal->issued = b->annex->issued;
  ix->legal = legal;
  ix->n_legal = 1;
}

/* A methodology of the same id supersedes its base. */
static void make_supersedes(builder *b) {
  chiso_index *ix = &b->m->index;
  const char **list;
  if (!b->base || !ix->id || strcmp(ix->id, b->base->id) != 0 ||
      strcmp(ix->edition, b->base->edition) == 0)
    return;
  list = chiso__arena_array(&b->m->arena, 1, sizeof *list);
  b->annex->failed |= !list;
  if (!list)
    return;
  *list = keep(b, chiso_methodology_name(b->options->base));
  ix->supersedes = list;
  ix->n_supersedes = 1;
}

static void make_head(builder *b) {
  chiso_index *ix = &b->m->index;
  const chiso_index *base = b->base;
  const chiso_import_options *o = b->options;
  ix->scope = o->internal ? CHISO_SCOPE_INTERNAL : CHISO_SCOPE_NATIONAL;
  ix->id =
      wanted(b, "id", o->id, base && !o->internal ? base->id : NULL, "draft");
  ix->edition = wanted(b, "edition", o->edition, NULL, "0000");
  unsigned level = o->level ? o->level : base ? base->level : 0;
  if (!level)
    (void)wanted(b, "level", NULL, NULL, "");
  ix->level = (uint8_t)(level ? level : (unsigned)CHISO_LEVEL_PROVINCE);
  ix->unit_set =
      wanted(b, "units", o->units, base ? base->unit_set : NULL, "?");
  ix->title_vi = wanted(b, "title", o->title,
                        b->annex->title ? b->annex->title
                        : base          ? base->title_vi
                                        : NULL,
                        "?");
  if (base && !o->title && !b->annex->title)
    ix->title_en = keep(b, base->title_en);
  ix->first = year_of(ix->edition ? ix->edition : "");
  ix->digits = base ? base->digits : 2;
  ix->rank_by = base ? base->rank_by : (uint8_t)CHISO_RANK_POINTS;
  make_legal(b);
  make_supersedes(b);
}

/* ---- nodes --------------------------------------------------------------- */

static void keep_inputs(builder *b, chiso_node *n) {
  chiso_input *list = keep_array(b, n->inputs, n->n_inputs, sizeof *n->inputs);
  for (uint32_t i = 0; list && i < n->n_inputs; i++) {
    list[i].key = keep(b, list[i].key);
    list[i].title_vi = keep(b, list[i].title_vi);
    list[i].title_en = keep(b, list[i].title_en);
  }
  n->inputs = list;
}

static void keep_steps(builder *b, chiso_node *n) {
  chiso_step *list = keep_array(b, n->steps, n->n_steps, sizeof *n->steps);
  for (uint32_t i = 0; list && i < n->n_steps; i++) {
    list[i].key = keep(b, list[i].key);
    list[i].title_vi = keep(b, list[i].title_vi);
    list[i].title_en = keep(b, list[i].title_en);
  }
  n->steps = list;
}

static void keep_node(builder *b, chiso_node *out, const chiso_node *n) {
  *out = *n;
  const char **texts[] = { &out->id,         &out->title_vi,  &out->title_en,
                           &out->concept_id, &out->when,      &out->ref_index,
                           &out->ref_node,   &out->numerator, &out->denominator,
                           &out->rule,       &out->evidence,  &out->source,
                           &out->note };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    *texts[i] = keep(b, *texts[i]);
  const char **was = keep_array(b, n->was, n->n_was, sizeof *n->was);
  for (uint32_t i = 0; was && i < n->n_was; i++)
    was[i] = keep(b, was[i]);
  out->was = was;
  keep_inputs(b, out);
  keep_steps(b, out);
}

/* "annex.xlsx[Phụ lục]:12", without folders */
static const char *source_of(builder *b, uint32_t row) {
  const char *path = b->annex->import->file;
  const char *slash = strrchr(path, '/');
  const char *file = b->annex->sheet->file + (slash ? slash + 1 - path : 0);
  chiso__buffer text = { .allocator = b->annex->import->allocator };
  chiso__buffer_print(&text, "%s:%u", file, (unsigned)row + 1);
  b->annex->failed |= text.failed;
  const char *kept = text.failed ? NULL : keep(b, text.data);
  chiso__buffer_free(&text);
  return kept;
}

static uint8_t kind_of(const chiso__draft *d) {
  if (d->node.kind)
    return d->node.kind;
  return (uint8_t)(d->depth == 1   ? CHISO_KIND_AREA
                   : d->depth == 2 ? CHISO_KIND_CRITERION
                                   : CHISO_KIND_SUBCRITERION);
}

static chiso_node root_of(const builder *b) {
  uint8_t provenance = (uint8_t)b->options->provenance;
  return (chiso_node) {
    .id = "index",
    .kind = CHISO_KIND_INDEX,
    .op = CHISO_OP_SUM,
    .title_vi = b->m->index.title_vi,
    .title_en = b->m->index.title_en,
    .max = b->annex->total,
    .weight = CHISO_DEC_ONE,
    .target = CHISO_DEC_ONE,
    .cap = CHISO_DEC_ONE,
    .floor = CHISO_NONE,
    .at = CHISO_NONE,
    .residual = CHISO_NONE,
    .digits = CHISO_KEEP,
    .prov_name = provenance,
    .prov_points = provenance,
  };
}

static void add_branches(builder *b, const chiso__draft *d, chiso_node *nodes,
                         uint32_t *n, const char *parent) {
  for (size_t i = 0; i < d->n_branches && !b->annex->failed; i++) {
    chiso_node *out = &nodes[*n];
    keep_node(b, out, &d->branches[i]);
    out->parent = parent;
    out->source = source_of(b, d->row);
    out->target = out->target ? out->target : CHISO_DEC_ONE;
    out->cap = out->cap ? out->cap : CHISO_DEC_ONE;
    out->at = out->residual = CHISO_NONE;
    if (out->op != CHISO_OP_RATIO)
      out->floor = CHISO_NONE;
    out->digits = CHISO_KEEP;
    b->m->lines[(*n)++] = (uint64_t)d->row + 1;
  }
}

static void make_nodes(builder *b) {
  chiso__annex *annex = b->annex;
  size_t most = annex->count + 1;
  for (size_t i = 0; i < annex->count; i++)
    most += annex->drafts[i].n_branches;
  chiso_node *nodes = chiso__arena_array(&b->m->arena, most, sizeof *nodes);
  uint32_t n = 0;
  uint32_t *place =
      chiso__arena_array(&annex->import->arena, annex->count, sizeof *place);
  b->m->lines = chiso__arena_array(&b->m->arena, most, sizeof *b->m->lines);
  annex->import->rows = chiso__arena_array(&annex->import->arena, annex->count,
                                           sizeof *annex->import->rows);
  annex->failed |= !nodes || !b->m->lines || !place || !annex->import->rows;
  if (annex->failed)
    return;
  chiso_node root = root_of(b);
  keep_node(b, &nodes[n], &root);
  nodes[n].source = source_of(b, annex->sheet->rows[annex->header.first].row);
  n++;
  for (size_t i = 0; i < annex->count && !annex->failed; i++) {
    chiso__draft *d = &annex->drafts[i];
    chiso_node *out = &nodes[n];
    keep_node(b, out, &d->node);
    out->kind = kind_of(d);
    out->parent =
        d->parent == SIZE_MAX ? nodes[0].id : nodes[place[d->parent]].id;
    if (!out->source)
      out->source = source_of(b, d->row);
    place[i] = n;
    b->m->lines[n] = (uint64_t)d->row + 1;
    annex->import->rows[annex->import->n_rows++] = (chiso_import_row) {
      .line = (uint64_t)d->row + 1,
      .node = n,
      .reading = d->reading,
      .note = d->note.size ? chiso__arena_text(&annex->import->arena,
                                               d->note.data, d->note.size)
                           : ""
    };
    n++;
    add_branches(b, d, nodes, &n, out->id);
  }
  b->m->index.nodes = nodes;
  b->m->index.n_nodes = n;
}

chiso_status chiso__annex_build(chiso__annex *annex, chiso_error *err) {
  chiso_import *import = annex->import;
  builder b = { .annex = annex,
                .options = &import->options,
                .lacks = { .allocator = import->allocator } };
  if (import->options.base)
    b.base = chiso_methodology_index(import->options.base);
  b.m = chiso__methodology_new(import->allocator, annex->sheet->file);
  if (!b.m)
    return chiso__no_memory(err);
  make_head(&b);
  if (!annex->failed)
    make_nodes(&b);
  if (b.lacks.size)
    import->lacks =
        chiso__arena_text(&import->arena, b.lacks.data, b.lacks.size);
  annex->failed |= b.lacks.failed || !import->lacks;
  chiso__buffer_free(&b.lacks);
  chiso_status status = annex->failed ? chiso__no_memory(err)
                                      : chiso__methodology_finish(b.m, err);
  if (status == CHISO_OK)
    import->methodology = b.m;
  else
    chiso_methodology_free(b.m);
  if (status == CHISO_BAD_DATA && err && err->line)
    chiso__error_move(err, chiso__annex_place(annex, (uint32_t)err->line - 1,
                                              CHISO__ROLE_CODE));
  return status;
}
