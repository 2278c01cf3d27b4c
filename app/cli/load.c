/* SPDX-License-Identifier: Apache-2.0
 * Opening the store, methodologies and runs for the commands. */
#include "cli.h"

#include <string.h>

int cli_find_places(cli *c) {
  if (c->have_places)
    return EXIT_DONE;
  chiso_status status = chiso_places_find(&c->places, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  c->have_places = true;
  c->places.options.no_worker = c->value[OPT_NO_WORKER] != NULL;
  return EXIT_DONE;
}

int cli_open_store(cli *c) {
  if (c->store)
    return EXIT_DONE;
  int code = cli_find_places(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_store_open(&c->places.options, c->lang, NULL, &c->store, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

void cli_rests_on(cli *c, const chiso_methodology *m) {
  /* what machines read is the same in any language */
  bool machine =
      c->format == CHISO_FORMAT_CSV || c->format == CHISO_FORMAT_JSON;
  char *text;
  if (chiso_methodology_mark(m, machine ? CHISO_LANG_EN : c->lang, NULL, &text,
                             &c->err) != CHISO_OK) {
    c->no_memory = true;
    return;
  }
  if (text[0] != '\0' && (!c->mark || !strstr(c->mark, text)))
    c->mark = cli_join(c, c->mark ? c->mark : "", "; ",
                       cli_copy(c, text, strlen(text)));
  chiso_text_free(NULL, text);
}

static int from_store(cli *c, const char *name, const chiso_methodology **out) {
  const chiso_listing *listing = NULL;
  chiso_rule rule;
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_is_methodology_file(name)
          ? chiso_store_read(c->store, name, &listing, &c->err)
          : chiso_store_find(c->store, name, &listing, &c->err);
  if (status == CHISO_OK)
    status = chiso_store_load(c->store, listing, out, &rule, &c->err);
  if (status == CHISO_OK)
    cli_passed_over(c, name, *out, 0);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

/* Read without a store, so that it needs no plugin at all. */
static bool is_index(const char *name) {
  size_t n = strlen(name);
  return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

int cli_methodology(cli *c, const char *name, unsigned place,
                    const chiso_methodology **out) {
  int code = EXIT_DONE;
  if (is_index(name)) {
    chiso_status status =
        chiso_methodology_read(name, NULL, &c->read[place], &c->err);
    *out = c->read[place];
    code = status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
  } else {
    code = from_store(c, name, out);
  }
  if (code == EXIT_DONE)
    cli_rests_on(c, *out);
  return code;
}

int cli_variant(cli *c) {
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  return cli_overlays(c, c->operand, c->n_operands);
}

int cli_overlays(cli *c, const char *const *paths, size_t count) {
  chiso_status status = chiso_variant_read_all(paths, count, c->store, NULL,
                                               &c->variant, &c->err);
  if (status == CHISO_OK) {
    cli_rests_on(c, chiso_variant_methodology(c->variant));
    return EXIT_DONE;
  }
  if (!c->variant)
    return cli_fail(c, status);
  cli_variant_faults(c);
  return cli_exit(status);
}

int cli_run_stage(cli *c, const char *stage, chiso_run **out) {
  chiso_run_options options = {
    .methodology = c->operand[0],
    .round = c->value[OPT_ROUND],
    .units = c->value[OPT_UNITS],
    .stage = stage,
    .data = c->data,
    .n_data = c->n_data,
    .published = c->value[OPT_PUBLISHED],
  };
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  cli_progress_begin();
  chiso_status status =
      c->group_at
          ? chiso_round_run(c->round,
                            chiso_round_find(c->round, c->group_at->key), stage,
                            c->data, c->n_data, NULL, out, &c->err)
          : chiso_run_new(c->store, &options, NULL, out, &c->err);
  cli_progress_end();
  if (status == CHISO_OK)
    return EXIT_DONE;
  if (*out && chiso_run_faults(*out) > 0) {
    cli_remarks(c, *out);
    return cli_exit(status);
  }
  return cli_fail(c, status);
}

int cli_run(cli *c) {
  if (c->n_data == 0 && !c->value[OPT_ROUND])
    return cli_usage(c, TXT_ERR_NO_DATA);
  if (c->n_data > 0 && c->value[OPT_PUBLISHED])
    return cli_usage(c, TXT_ERR_BOTH_DATA);
  int code = cli_run_stage(c, c->value[OPT_STAGE], &c->run);
  if (code == EXIT_DONE) {
    const chiso_methodology *m = chiso_run_methodology(c->run);
    cli_remarks(c, c->run);
    cli_rests_on(c, m);
    cli_passed_over(c, c->operand[0], m, chiso_run_round(c->run).year);
  }
  return code;
}

const char *cli_run_title(cli *c) {
  const chiso_methodology *m = chiso_run_methodology(c->run);
  const chiso_index *index = chiso_methodology_index(m);
  char round[16];
  chiso_round_format(chiso_run_round(c->run), round);
  const char *title =
      cli_say(c, TXT_RUN_TITLE, cli_pick(c, index->title_vi, index->title_en),
              round, chiso_methodology_name(m));
  return c->group_at
             ? cli_join(
                   c, cli_pick(c, c->group_at->title_vi, c->group_at->title_en),
                   " · ", title)
             : title;
}

/* The part of a path below the share folder. */
static const char *short_path(const cli *c, const char *path) {
  const char *share = chiso_store_share(c->store);
  size_t n = share ? strlen(share) : 0;
  if (n > 0 && strncmp(path, share, n) == 0 && path[n] == '/')
    return path + n + 1;
  return path;
}

const char *cli_provenance_note(cli *c, unsigned provenance) {
  if (provenance >= CHISO_PROV_PUBLISHED)
    return "";
  return cli_say(c, TXT_NOT_OFFICIAL,
                 chiso_title(CHISO_FAMILY_PROVENANCE, provenance, c->lang));
}

static bool has_points(const chiso_scores *scores, uint32_t node,
                       size_t scored) {
  return chiso_has_points(scores->state[node * scores->n + scored]);
}

/* Areas beside the total: a bonus, say, which only a round file adds. */
static const char *uncounted(const standing *at) {
  const char *ids = "";
  for (uint32_t n = chiso_methodology_first_child(at->m, 0); n != CHISO_NO_NODE;
       n = chiso_methodology_next(at->m, n))
    if (at->index->nodes[n].weight == 0)
      ids = cli_join(at->c, ids, ", ", at->index->nodes[n].id);
  return *ids ? cli_say(at->c, TXT_UNCOUNTED, ids) : "";
}

void cli_run_notes(sheet *s, uint32_t node, size_t scored) {
  cli *c = s->c;
  const chiso_scores *scores = chiso_run_scores(c->run);
  unsigned least = CHISO_PROV_OFFICIAL;
  for (size_t u = 0; u < scores->n; u++) {
    if ((scored != SIZE_MAX && u != scored) || !has_points(scores, node, u))
      continue;
    unsigned provenance = chiso_run_provenance(c->run, node, u);
    if (provenance < least)
      least = provenance;
  }
  if (c->n_data == 0 && !c->round) {
    char round[16];
    chiso_round_format(chiso_run_round(c->run), round);
    const char *files = "";
    for (size_t i = 0; i < chiso_run_files(c->run); i++)
      files =
          cli_join(c, files, ", ", short_path(c, chiso_run_file(c->run, i)));
    sheet_note(s, cli_say(c, TXT_PUBLISHED_DATA, round, files));
  }
  for (size_t i = 0; i < chiso_run_dependencies(c->run); i++)
    sheet_note(s,
               cli_say(c, TXT_TAKES, chiso_run_dependency(c->run, i, c->lang)));
  standing at = standing_at(c, node);
  if (node == 0 && !c->round)
    sheet_note(s, uncounted(&at));
  sheet_note(s, standing_approximate(&at, scored));
  sheet_note(s, cli_provenance_note(c, least));
}

const char *cli_unit_name(const cli *c, const chiso_unit *unit) {
  return cli_pick(c, unit->name_vi, unit->name_en);
}

const chiso_unit *cli_scored_unit(const cli *c, size_t scored) {
  return chiso_units_get(chiso_run_units(c->run),
                         chiso_run_unit(c->run, scored));
}

int cli_unit(cli *c, const chiso_units *units, const char *name, size_t *unit) {
  *unit = chiso_units_find(units, name);
  if (*unit != SIZE_MAX)
    return EXIT_DONE;
  size_t near = chiso_units_nearest(units, name);
  if (near == SIZE_MAX)
    return cli_usage(c, TXT_ERR_UNIT, name, chiso_units_set(units));
  const chiso_unit *nearest = chiso_units_get(units, near);
  return cli_usage(c, TXT_ERR_UNIT_NEAR, name, chiso_units_set(units),
                   nearest->code, cli_unit_name(c, nearest));
}

int cli_scored(cli *c, const char *name, size_t *scored) {
  const chiso_units *units = chiso_run_units(c->run);
  size_t at;
  int code = cli_unit(c, units, name, &at);
  if (code != EXIT_DONE)
    return code;
  for (*scored = 0; *scored < chiso_run_scored(c->run); ++*scored)
    if (chiso_run_unit(c->run, *scored) == at)
      return EXIT_DONE;
  return cli_usage(c, TXT_ERR_NOT_ASSESSED,
                   cli_unit_name(c, chiso_units_get(units, at)));
}

int cli_node(cli *c, const chiso_methodology *m, const char *id,
             uint32_t *node) {
  *node = chiso_methodology_find(m, id);
  if (*node != CHISO_NO_NODE)
    return EXIT_DONE;
  const chiso_index *index = chiso_methodology_index(m);
  const char **ids = cli_alloc(c, index->n_nodes * sizeof(*ids));
  if (!ids)
    return EXIT_BUG;
  for (uint32_t n = 0; n < index->n_nodes; n++)
    ids[n] = index->nodes[n].id;
  const char *nearest = cli_nearest(id, ids, index->n_nodes);
  if (nearest)
    return cli_usage(c, TXT_ERR_NODE_NEAR, id, chiso_methodology_name(m),
                     nearest);
  return cli_usage(c, TXT_ERR_NODE, id, chiso_methodology_name(m));
}
