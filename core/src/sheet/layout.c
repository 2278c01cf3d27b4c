/* SPDX-License-Identifier: Apache-2.0
 * sheet/layout.c - rows and columns of a scoring sheet. */
#include "sheet/layout.h"

#include <string.h>

const char *chiso__sheet_column_key(unsigned column) {
  static const char *const keys[CHISO__COLUMNS] = {
    "#key", "no", "title", "max", "rule", "evidence",
    /* stages, each with its points */
    "self", "self_points", "appraised_1", "appraised_1_points", "appraised_2",
    "appraised_2_points", "final", "final_points",
    /* notes */
    "note", "document", "section", "page", "appraiser_note", "explanation",
    /* hidden */
    NULL, "self_max", NULL, NULL, "appraised_1_max", NULL, NULL,
    "appraised_2_max", NULL, NULL, "final_max", NULL
  };
  return column < CHISO__COLUMNS ? keys[column] : NULL;
}

unsigned chiso__sheet_column_width(unsigned column) {
  static const uint8_t widths[CHISO__COLUMNS] = {
    0,  7,  40, 7, 34, 20,        /* key, no, title, max, rule, evidence */
    10, 8,  10, 8, 10, 8,  10, 8, /* stages, each with its points */
    18, 14, 7,  6, 18, 8          /* notes */
  };
  return column < CHISO__COLUMNS ? widths[column] : 0;
}

/* The stage that a column belongs to, CHISO_SHEET_STAGES: none. */
static unsigned stage_of(unsigned column) {
  if (column >= CHISO__COL_TAKEN)
    return (column - CHISO__COL_TAKEN) / 3;
  if (column >= CHISO__COL_VALUE && column < CHISO__COL_NOTE)
    return (column - CHISO__COL_VALUE) / 2;
  return CHISO_SHEET_STAGES;
}

static void lay_columns(unsigned stages, chiso__sheet_layout *out) {
  for (unsigned c = 0; c < CHISO__COLUMNS; c++) {
    unsigned stage = stage_of(c);
    bool there = stage == CHISO_SHEET_STAGES || (stages >> stage & 1);
    out->column[c] = there ? out->columns++ : CHISO__NO_COLUMN;
  }
}

static void add_row(chiso__sheet_layout *out, chiso__sheet_row row) {
  if (row.shows)
    out->of_node[row.node] = out->n_rows;
  out->rows[out->n_rows++] = row;
}

/* A node with one input is one row; with several it is a row of its own and
 * one for each of them. */
static void lay_node(const chiso_methodology *m, uint32_t node, unsigned depth,
                     chiso__sheet_layout *out) {
  const chiso_node *n = &chiso_methodology_index(m)->nodes[node];
  chiso__sheet_row row = { node, n->n_inputs == 1 ? 0 : CHISO__NO_INPUT, true,
                           (uint8_t)(depth < UINT8_MAX ? depth : UINT8_MAX) };
  add_row(out, row);
  row.shows = false;
  for (row.input = 0; n->n_inputs > 1 && row.input < n->n_inputs; row.input++)
    add_row(out, row);
}

/* The tree from the top down, children in the order of the table. */
static void lay_rows(const chiso_methodology *m, chiso__sheet_layout *out) {
  uint32_t node = 0;
  unsigned depth = 0;
  while (node != CHISO_NO_NODE) {
    lay_node(m, node, depth, out);
    uint32_t next = chiso_methodology_first_child(m, node);
    depth++;
    while (next == CHISO_NO_NODE && node != 0) {
      next = chiso_methodology_next(m, node);
      node = chiso_methodology_parent(m, node);
      depth--;
    }
    node = next;
  }
}

chiso_status chiso__sheet_lay(const chiso_methodology *m, unsigned stages,
                              bool extras, chiso__arena *arena,
                              chiso__sheet_layout *out, chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(m);
  size_t rows = ix->n_nodes;
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    rows += ix->nodes[i].n_inputs;
  *out = (chiso__sheet_layout) { 0 };
  out->rows = chiso__arena_array(arena, rows, sizeof *out->rows);
  out->of_node = chiso__arena_array(arena, ix->n_nodes, sizeof *out->of_node);
  if (!out->rows || !out->of_node)
    return chiso__no_memory(err);
  lay_columns(stages, out);
  lay_rows(m, out);
  out->header = CHISO__HEAD_LINES + (extras ? 2 : 0);
  out->keys = out->header + 1;
  out->first = out->keys + 1;
  return CHISO_OK;
}

const char *chiso__sheet_row_key(const chiso_methodology *m,
                                 const chiso__sheet_row *row,
                                 chiso__arena *arena) {
  const chiso_node *n = &chiso_methodology_index(m)->nodes[row->node];
  if (row->input == CHISO__NO_INPUT)
    return n->id;
  const char *input = n->inputs[row->input].key;
  size_t id = strlen(n->id), size = strlen(input);
  char *key = chiso__arena_raw(arena, id + size + 2, 1);
  if (!key)
    return NULL;
  memcpy(key, n->id, id);
  key[id] = ':';
  memcpy(key + id + 1, input, size + 1);
  return key;
}

uint32_t chiso__sheet_input_row(const chiso_methodology *m,
                                const chiso__sheet_layout *layout,
                                uint32_t node, uint32_t input) {
  const chiso_node *n = &chiso_methodology_index(m)->nodes[node];
  return layout->of_node[node] + (n->n_inputs > 1 ? 1 + input : 0);
}

bool chiso__sheet_row_notes(const chiso_methodology *m,
                            const chiso__sheet_row *row) {
  return row->shows && chiso_methodology_index(m)->nodes[row->node].n_inputs;
}
