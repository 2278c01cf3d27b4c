/* SPDX-License-Identifier: Apache-2.0
 * How editions relate, in words. */
#include "cli.h"

#include <string.h>

/* "name: a → b", when the two differ. */
static const char *add(cli *c, const char *text, text_id name, const char *a,
                       const char *b) {
  if (strcmp(a, b) == 0)
    return text;
  return cli_join(c, text, "; ",
                  cli_say(c, name, a[0] ? a : "–", b[0] ? b : "–"));
}

static const char *assessor(const cli *c, const chiso_node *n) {
  const char *title = chiso_title(CHISO_FAMILY_ASSESSOR, n->assessor, c->lang);
  return n->assessor == CHISO_BY_NONE || !title ? "" : title;
}

/* Both sides of what makes the points. */
static const char *rules(cli *c, const char *text,
                         const chiso_methodology *before,
                         const chiso_methodology *after,
                         const chiso_change *change) {
  const chiso_node *old =
      &chiso_methodology_index(before)->nodes[change->before];
  const chiso_node *new = &chiso_methodology_index(after)->nodes[change->after];
  text = add(c, text, TXT_RULE_CHANGE, cli_rule(c, before, change->before),
             cli_rule(c, after, change->after));
  text = add(c, text, TXT_ASSESSOR_CHANGE, assessor(c, old), assessor(c, new));
  text = add(c, text, TXT_WEIGHT_CHANGE, cli_dec(c, old->weight),
             cli_dec(c, new->weight));
  return add(c, text, TXT_DETAILS_CHANGE,
             cli_rule_details(c, before, change->before),
             cli_rule_details(c, after, change->after));
}

const char *cli_change_detail(cli *c, const chiso_methodology *before,
                              const chiso_methodology *after,
                              const chiso_change *change) {
  const char *text = "";
  for (unsigned kind = CHISO_CHANGE_RENAMED; kind <= CHISO_CHANGE_MERGED;
       kind++)
    if ((change->flags & (1u << kind)) && kind != change->kind)
      text = cli_join(c, text, ", ",
                      chiso_change_title((chiso_change_kind)kind, c->lang));
  if (change->before == CHISO_NO_NODE || change->after == CHISO_NO_NODE)
    return text;
  if (change->flags & (1u << CHISO_CHANGE_RENAMED)) {
    const chiso_node *old =
        &chiso_methodology_index(before)->nodes[change->before];
    const chiso_node *new =
        &chiso_methodology_index(after)->nodes[change->after];
    const char *title = cli_title(c, old);
    if (strcmp(title, cli_title(c, new)) == 0)
      title = old->title_vi; /* the translation did not follow */
    text = cli_join(c, text, "; ", cli_say(c, TXT_WAS_TITLE, title));
  }
  if (change->flags & (1u << CHISO_CHANGE_RERULED))
    text = rules(c, text, before, after, change);
  return text;
}

const char *cli_carry(const cli *c, chiso_carry carry) {
  if (carry >= CHISO_N_CARRY)
    return NULL;
  return cli_people(c) ? chiso_carry_title(carry, c->lang)
                       : chiso_carry_key(carry);
}

const char *cli_coverage(cli *c, const chiso_methodology *before,
                         const chiso_methodology *after,
                         const chiso_coverage *coverage) {
  const chiso_index *old = chiso_methodology_index(before);
  const chiso_index *new = chiso_methodology_index(after);
  bool one = strcmp(old->id, new->id) == 0;
  const char *from = one ? old->edition : chiso_methodology_name(before);
  const char *to = one ? new->edition : chiso_methodology_name(after);
  const char *parts = "";
  for (unsigned k = 0; k < CHISO_N_CARRY; k++)
    if (coverage->points[k] != 0)
      parts = cli_join(c, parts, ", ",
                       cli_print(c, "%s %s", cli_dec(c, coverage->points[k]),
                                 chiso_carry_title((chiso_carry)k, c->lang)));
  if (coverage->renamed != 0)
    parts = cli_join(
        c, parts, "; ",
        cli_say(c, TXT_COVERAGE_RENAMED, cli_dec(c, coverage->renamed)));
  return cli_say(c, TXT_COVERAGE, from, to, cli_dec(c, coverage->total), to,
                 parts, cli_dec(c, coverage->before), from,
                 cli_dec(c, coverage->dropped));
}

uint32_t cli_same_node(const chiso_methodology *m, const chiso_node *node) {
  const chiso_index *index = chiso_methodology_index(m);
  for (uint32_t i = 0; node->concept_id && i < index->n_nodes; i++)
    if (index->nodes[i].concept_id &&
        strcmp(index->nodes[i].concept_id, node->concept_id) == 0)
      return i;
  uint32_t same = chiso_methodology_find(m, node->id);
  /* an id alone is no link where ideas have names */
  bool named = same != CHISO_NO_NODE && index->nodes[same].concept_id &&
               node->concept_id;
  return named ? CHISO_NO_NODE : same;
}

const char *cli_break_words(cli *c, unsigned bits) {
  static const struct {
    unsigned bit;
    const char *key;
    text_id text;
  } all[] = { { CHISO_BREAK_METHODOLOGY, "methodology", TXT_BREAK_METHODOLOGY },
              { CHISO_BREAK_UNITS, "units", TXT_BREAK_UNITS },
              { CHISO_BREAK_ASSESSED, "assessed", TXT_BREAK_ASSESSED } };
  const char *out = "";
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (bits & all[i].bit)
      out = cli_join(c, out, cli_people(c) ? ", " : "|",
                     cli_people(c) ? cli_text(c, all[i].text) : all[i].key);
  return *out ? out : NULL;
}
