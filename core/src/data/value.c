/* SPDX-License-Identifier: Apache-2.0
 * data/value.c - one value as it was written, and the faults it can have. */
#include "data/value.h"

#include <string.h>

#include "base/text.h"

#define REMARK(...) chiso__remark(remarks, CHISO_BAD_DATA, place, __VA_ARGS__)

/* ---- numbers ------------------------------------------------------------- */

/* The first character outside ASCII, which may well be invisible; 0: none. */
static unsigned foreign(const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  while (*s && *s < 0x80)
    s++;
  if (*s < 0xc0)
    return 0;
  unsigned more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : 1;
  unsigned point = *s++ & (0x3fu >> more);
  for (; more && (*s & 0xc0) == 0x80; more--)
    point = point << 6 | (*s++ & 0x3fu);
  return point;
}

static void remark_number(chiso__remarks *remarks, chiso__place place,
                          chiso__number_fault fault, unsigned digits,
                          const char *text) {
  switch (fault) {
  case CHISO__NUMBER_THOUSANDS:
    REMARK(MSG_DATA_THOUSANDS, text);
    break;
  case CHISO__NUMBER_DIGITS:
    REMARK(digits ? MSG_DATA_DIGITS : MSG_DATA_WHOLE, text, digits);
    break;
  case CHISO__NUMBER_RANGE:
    REMARK(MSG_DATA_RANGE, text, 18 - digits);
    break;
  default:
    if (foreign(text))
      REMARK(MSG_DATA_FOREIGN, text, foreign(text));
    else
      REMARK(MSG_DATA_NOT_NUMBER, text);
  }
}

bool chiso__value_number(chiso__remarks *remarks, chiso__place place,
                         const char *text, chiso__shape shape, char *mark,
                         bool *rounded, int64_t *out) {
  chiso__number n;
  size_t size = strlen(text);
  if (shape.percent && size > 1 && text[size - 1] == '%')
    size--;
  chiso__number_fault fault = chiso__number_read(text, size, shape.digits, &n);
  if (fault == CHISO__NUMBER_THOUSANDS && shape.spelled)
    fault = CHISO__NUMBER_DIGITS;
  if (fault != CHISO__NUMBER_OK) {
    remark_number(remarks, place, fault, shape.digits, text);
    return false;
  }
  if (n.mark && *mark && n.mark != *mark) {
    REMARK(MSG_DATA_TWO_MARKS, text, *mark == ',' ? "," : ".",
           *mark == ',' ? "," : ".");
    return false;
  }
  if (n.mark)
    *mark = n.mark;
  *rounded = n.rounded;
  *out = n.raw;
  return true;
}

/* ---- choices ------------------------------------------------------------- */

static bool same_name(const char *a, const char *b) {
  return b && chiso__text_same_folded(a, b);
}

/* The branch at a place of a CASE, or CHISO_NO_NODE. */
static uint32_t branch_at(const chiso_methodology *m, uint32_t node,
                          int64_t place) {
  uint32_t c = chiso_methodology_first_child(m, node);
  for (; place > 0 && c != CHISO_NO_NODE; place--)
    c = chiso_methodology_next(m, c);
  return c;
}

int64_t chiso__value_choice(const chiso_methodology *m, uint32_t node,
                            const char *text) {
  const chiso_index *ix = chiso_methodology_index(m);
  const chiso_node *n = &ix->nodes[node];
  if (n->op == CHISO_OP_CHOICE) {
    for (uint32_t i = 0; i < n->n_steps; i++)
      if (same_name(text, n->steps[i].key) ||
          same_name(text, n->steps[i].title_vi) ||
          same_name(text, n->steps[i].title_en))
        return i;
    return -1;
  }
  uint32_t c = chiso_methodology_first_child(m, node);
  for (int64_t i = 0; c != CHISO_NO_NODE;
       c = chiso_methodology_next(m, c), i++) {
    const chiso_node *b = &ix->nodes[c];
    if (same_name(text, b->when) || same_name(text, b->title_vi) ||
        same_name(text, b->title_en))
      return i;
  }
  return -1;
}

const char *chiso__value_key(const chiso_methodology *m, uint32_t node,
                             int64_t place) {
  const chiso_index *ix = chiso_methodology_index(m);
  const chiso_node *n = &ix->nodes[node];
  if (n->op == CHISO_OP_CHOICE)
    return place < n->n_steps ? n->steps[place].key : NULL;
  uint32_t c = branch_at(m, node, place);
  return c == CHISO_NO_NODE ? NULL : ix->nodes[c].when;
}

/* The title of a step or branch as it is chosen from; NULL: it has none. */
static const char *title_at(const chiso_methodology *m, uint32_t node,
                            int64_t place, chiso_lang lang) {
  const chiso_index *ix = chiso_methodology_index(m);
  const chiso_node *n = &ix->nodes[node];
  uint32_t c = branch_at(m, node, place);
  if (n->op != CHISO_OP_CHOICE && c == CHISO_NO_NODE)
    return NULL;
  const char *vi = n->op == CHISO_OP_CHOICE ? n->steps[place].title_vi
                                            : ix->nodes[c].title_vi;
  const char *en = n->op == CHISO_OP_CHOICE ? n->steps[place].title_en
                                            : ix->nodes[c].title_en;
  return (lang == CHISO_LANG_EN && en) || !vi ? en : vi;
}

/* What there is to choose from, for an error. */
static void list_choices(const chiso_methodology *m, uint32_t node,
                         chiso_lang lang, bool titles, char *out, size_t size) {
  const chiso_node *n = &chiso_methodology_index(m)->nodes[node];
  size_t used = 0;
  out[0] = '\0';
  for (int64_t i = 0;
       n->op == CHISO_OP_CHOICE ? i < n->n_steps
                                : branch_at(m, node, i) != CHISO_NO_NODE;
       i++) {
    const char *title = titles ? title_at(m, node, i, lang) : NULL;
    const char *key = title ? title : chiso__value_key(m, node, i);
    int wrote = snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                         key ? key : "");
    if (wrote < 0 || (size_t)wrote >= size - used)
      return;
    used += (size_t)wrote;
  }
}

void chiso__value_no_choice(chiso__remarks *remarks, chiso__place place,
                            const chiso_methodology *m, uint32_t node,
                            const char *text, bool titles) {
  char keys[200];
  list_choices(m, node, remarks->lang, titles, keys, sizeof keys);
  REMARK(MSG_DATA_BAD_CHOICE, text, chiso_methodology_index(m)->nodes[node].id,
         keys);
}

/* ---- values together ----------------------------------------------------- */

/* The ends of a leaf's scale: what SURVEY, SHARE and INDEX take. */
static void remark_scale(chiso__remarks *remarks, chiso__place place,
                         const chiso_node *n) {
  chiso_dec from = 0, to = 100 * CHISO_DEC_ONE;
  char low[CHISO_DEC_TEXT], high[CHISO_DEC_TEXT];
  if (n->op == CHISO_OP_SURVEY) {
    from = n->from < n->to ? n->from : n->to;
    to = n->from < n->to ? n->to : n->from;
  } else if (n->op == CHISO_OP_INDEX) {
    to = n->scale;
  }
  chiso__dec_say(from, remarks->lang, low);
  chiso__dec_say(to, remarks->lang, high);
  REMARK(MSG_DATA_OUT_OF_SCALE, n->id, low, high);
}

void chiso__value_unscored(chiso__remarks *remarks, chiso__place place,
                           const chiso_node *node, const chiso_trace *trace) {
  if (trace->reason == CHISO_REASON_SCALE)
    remark_scale(remarks, place, node);
  else if (trace->reason == CHISO_REASON_NOT_APPLICABLE)
    REMARK(MSG_DATA_NA_FORBIDDEN, node->id);
  else if (trace->reason == CHISO_REASON_ZERO_DEN)
    REMARK(MSG_DATA_ZERO_DEN, node->id);
  else
    REMARK(MSG_DATA_CANNOT_SCORE, node->id,
           chiso_reason_title(trace->reason, remarks->lang));
}
