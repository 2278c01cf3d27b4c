/* SPDX-License-Identifier: Apache-2.0
 * engine/explain.c - why a node has its points, and the words for it. */
#include <string.h>

#include "engine/engine.h"

/* The chosen branch of the nearest case whose other branches hold `node`. */
static bool lies_in_other_branch(const chiso_program *p, const chiso_entries *e,
                                 uint32_t node, size_t unit, chiso_trace *t) {
  const chiso_methodology *m = p->methodology;
  uint32_t below = node;
  for (uint32_t i = chiso_methodology_parent(m, node); i != CHISO_NO_NODE;
       below = i, i = chiso_methodology_parent(m, i)) {
    const chiso__rule *r = &p->rules[i];
    chiso_reason reason;
    if (r->way != CHISO__WAY_CASE)
      continue;
    uint32_t chosen = chiso__chosen_branch(p, e, i, unit, &reason);
    if (chosen < r->n_children && r->children[chosen] == below)
      continue;
    t->reason = reason;
    t->branch = chosen < r->n_children ? r->children[chosen] : CHISO_NO_NODE;
    return true;
  }
  return false;
}

static void explain_inner(const chiso_program *p, const chiso_entries *e,
                          const chiso_scores *s, uint32_t node, size_t unit,
                          chiso_trace *t) {
  const chiso__rule *r = &p->rules[node];
  unsigned bits = 0;
  for (uint32_t k = 0; k < r->n_children; k++)
    bits |= s->state[r->children[k] * s->n + unit];
  if (r->way == CHISO__WAY_CASE) {
    uint32_t chosen = chiso__chosen_branch(p, e, node, unit, &t->reason);
    if (chosen < r->n_children)
      t->branch = r->children[chosen];
  } else if (r->n_children == 0) {
    t->reason = CHISO_REASON_ONLY_GIVEN;
  } else if (s->state[node * s->n + unit] == CHISO_STATE_ERROR &&
             !(bits & CHISO_STATE_ERROR)) {
    t->reason = CHISO_REASON_RANGE;
  }
}

void chiso_explain(const chiso_program *p, const chiso_entries *e,
                   const chiso_scores *s, uint32_t node, size_t unit,
                   chiso_trace *out) {
  const chiso__rule *r = &p->rules[node];
  size_t at = node * s->n + unit;
  bool entered = chiso__entered(p, e, s, node, unit, out);
  chiso_dec raw;
  if (!entered)
    *out = (chiso_trace) { .slot = CHISO_NO_SLOT, .branch = CHISO_NO_NODE };
  bool parts =
      node == 0 && e->any_part && chiso__total_of_parts(p, e, unit, out, &raw);
  if (lies_in_other_branch(p, e, node, unit, out) || entered || parts) {
    /* out->reason is set */
  } else if (r->way >= CHISO__WAY_SUM) {
    explain_inner(p, e, s, node, unit, out);
  } else {
    chiso__best best = { 0, 0 };
    if (r->way == CHISO__WAY_BEST)
      chiso__find_best(p, e, node, &best);
    chiso__score_leaf(p, e, node, unit, &best, out);
  }
  out->state = (chiso_state)s->state[at];
  out->points = s->points[at];
  out->max = s->max[at];
}

static const struct {
  chiso_state state;
  const char *key, *en, *vi;
} states[] = {
  { CHISO_STATE_SCORED, "scored", "scored", "đã tính" },
  { CHISO_STATE_GIVEN, "given", "given", "nhập điểm" },
  { CHISO_STATE_NOT_APPLICABLE, "not_applicable", "not applicable",
    "không áp dụng" },
  { CHISO_STATE_MISSING, "missing", "missing", "thiếu số liệu" },
  { CHISO_STATE_INCOMPLETE, "incomplete", "incomplete", "chưa đủ số liệu" },
  { CHISO_STATE_ERROR, "error", "error", "lỗi" },
};

const char *chiso_state_key(chiso_state state) {
  for (size_t i = 0; i < sizeof states / sizeof *states; i++)
    if (states[i].state == state)
      return states[i].key;
  return "";
}

const char *chiso_state_title(chiso_state state, chiso_lang lang) {
  for (size_t i = 0; i < sizeof states / sizeof *states; i++)
    if (states[i].state == state)
      return lang == CHISO_LANG_VI ? states[i].vi : states[i].en;
  return "";
}

static const struct {
  const char *en, *vi;
} reasons[] = {
  [CHISO_REASON_NONE] = { "", "" },
  [CHISO_REASON_NO_INPUT] = { "an input is missing", "thiếu số liệu đầu vào" },
  [CHISO_REASON_ZERO_DEN] = { "the denominator is zero", "mẫu số bằng không" },
  [CHISO_REASON_NOT_APPLICABLE] = { "entered as not applicable",
                                    "được ghi là không áp dụng" },
  [CHISO_REASON_FLOOR] = { "below the floor", "dưới mức sàn" },
  [CHISO_REASON_CAP] = { "at the most points", "đạt điểm tối đa" },
  [CHISO_REASON_STEP] = { "a step holds", "đạt một mức" },
  [CHISO_REASON_OTHERWISE] = { "no step holds", "không đạt mức nào" },
  [CHISO_REASON_OUTSIDE] = { "the value lies outside the printed scale and is "
                             "kept",
                             "giá trị nằm ngoài thang đo đã in và được giữ "
                             "nguyên" },
  [CHISO_REASON_LEAST] = { "at the least points", "đã trừ đến mức thấp nhất" },
  [CHISO_REASON_BRANCH] = { "one case holds", "thuộc một trường hợp" },
  [CHISO_REASON_NO_BRANCH] = { "no case holds", "không thuộc trường hợp nào" },
  [CHISO_REASON_ONLY_GIVEN] = { "points must be given: nothing below counts",
                                "phải nhập điểm: không mục nào bên dưới được "
                                "tính" },
  [CHISO_REASON_NEGATIVE] = { "a value below zero; enter zero or more",
                              "giá trị âm; hãy nhập từ không trở lên" },
  [CHISO_REASON_ABOVE_MAX] = { "points above the maximum",
                               "điểm vượt điểm tối đa" },
  [CHISO_REASON_BELOW_LO] = { "points below the least that is possible",
                              "điểm thấp hơn mức nhỏ nhất" },
  [CHISO_REASON_BOTH_FORMS] = { "the value and its numerator and denominator "
                                "are both entered; enter one form",
                                "nhập cả giá trị lẫn tử số, mẫu số; hãy nhập "
                                "một cách" },
  [CHISO_REASON_SCALE] = { "the value lies outside its scale",
                           "giá trị nằm ngoài thang đo" },
  [CHISO_REASON_DEN_ZERO_NUM] = { "a numerator over a denominator of zero; "
                                  "correct one of them",
                                  "có tử số nhưng mẫu số bằng không; hãy sửa "
                                  "một trong hai" },
  [CHISO_REASON_RULE] = { "the rule cannot score this value",
                          "quy tắc không chấm được giá trị này" },
  [CHISO_REASON_RANGE] = { "the result is too large", "kết quả quá lớn" },
  [CHISO_REASON_PARTS] = { "points are entered on parts and also in the tree "
                           "or on parts of another kind; enter one form",
                           "điểm được nhập theo phần và cả trong cây hoặc "
                           "theo cách chia khác; hãy nhập một cách" },
  [CHISO_REASON_ENDED] = { "the process that runs the plugin's rule has ended",
                           "tiến trình chạy quy tắc của plugin đã dừng" },
  [CHISO_REASON_EXEMPT] = { "does not apply to this unit in this round",
                            "không áp dụng cho đơn vị này trong kỳ này" },
};

const char *chiso_reason_title(chiso_reason reason, chiso_lang lang) {
  if ((size_t)reason >= sizeof reasons / sizeof *reasons)
    return "";
  return lang == CHISO_LANG_VI ? reasons[reason].vi : reasons[reason].en;
}
