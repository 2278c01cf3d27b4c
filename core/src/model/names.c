/* SPDX-License-Identifier: Apache-2.0
 * model/names.c - words of index.json and of people for the constants. */
#include <string.h>

#include "model/model.h"

typedef struct name {
  unsigned value;
  const char *key, *en, *vi;
} name;

static const name kinds[] = {
  { CHISO_KIND_INDEX, "index", "index", "chỉ số" },
  { CHISO_KIND_AREA, "area", "area", "lĩnh vực" },
  { CHISO_KIND_CRITERION, "criterion", "criterion", "tiêu chí" },
  { CHISO_KIND_SUBCRITERION, "subcriterion", "subcriterion",
    "tiêu chí thành phần" },
  { CHISO_KIND_DIMENSION, "dimension", "dimension", "lĩnh vực nội dung" },
  { CHISO_KIND_SUBDIMENSION, "subdimension", "sub-dimension",
    "nội dung thành phần" },
  { CHISO_KIND_INDICATOR, "indicator", "indicator", "chỉ tiêu" },
  { CHISO_KIND_FACTOR, "factor", "factor", "yếu tố" },
  { CHISO_KIND_BRANCH, "branch", "branch", "trường hợp" },
  { 0, NULL, NULL, NULL },
};
static const name ops[] = {
  { CHISO_OP_SUM, "sum", "sum", "tổng" },
  { CHISO_OP_MEAN, "mean", "weighted mean", "trung bình có trọng số" },
  { CHISO_OP_SCALE, "scale", "mean brought to a scale",
    "trung bình quy về thang điểm" },
  { CHISO_OP_CASE, "case", "one case of several", "theo trường hợp" },
  { CHISO_OP_MANUAL, "manual", "points as entered", "nhập điểm" },
  { CHISO_OP_STEP, "step", "steps", "theo mức" },
  { CHISO_OP_LINEAR, "linear", "linear", "tuyến tính" },
  { CHISO_OP_RATIO, "ratio", "proportional", "theo tỷ lệ" },
  { CHISO_OP_PENALTY, "penalty", "deduction", "trừ điểm" },
  { CHISO_OP_CHOICE, "choice", "choice", "lựa chọn" },
  { CHISO_OP_SURVEY, "survey", "mean answer", "điểm trung bình khảo sát" },
  { CHISO_OP_SHARE, "share", "share of answers", "tỷ lệ câu trả lời" },
  { CHISO_OP_NORM, "norm", "normalised", "chuẩn hóa" },
  { CHISO_OP_BEST, "best", "against the best unit", "so với đơn vị cao nhất" },
  { CHISO_OP_INDEX, "index", "taken from another index", "lấy từ chỉ số khác" },
  { CHISO_OP_CALL, "call", "code of the plugin", "mã của bộ chỉ số" },
  { 0, NULL, NULL, NULL },
};
static const name assessors[] = {
  { CHISO_BY_NONE, "none", "", "" },
  { CHISO_BY_SELF, "self", "self-scored, appraised", "tự chấm, thẩm định" },
  { CHISO_BY_MINISTRY, "ministry", "scored by the ministry", "bộ chấm" },
  { CHISO_BY_SURVEY, "survey", "survey", "điều tra xã hội học" },
  { CHISO_BY_STATISTICS, "statistics", "statistics", "số liệu thống kê" },
  { CHISO_BY_INDEX, "index", "another index", "chỉ số khác" },
  { 0, NULL, NULL, NULL },
};
static const name policies[] = {
  { CHISO_POLICY_FORBIDDEN, "forbidden", "not allowed", "không được phép" },
  { CHISO_POLICY_ZERO, "zero", "no points", "không có điểm" },
  { CHISO_POLICY_FULL, "full", "full points", "đủ điểm" },
  { CHISO_POLICY_LEAVE_OUT, "leave_out", "left out", "không tính" },
  { 0, NULL, NULL, NULL },
};
static const name roundings[] = {
  { CHISO_ROUND_HALF_UP, "half_up", "half up", "làm tròn nửa lên" },
  { CHISO_ROUND_CUT_OFF, "cut_off", "cut off", "bỏ phần lẻ" },
  { CHISO_ROUND_HALF_EVEN, "half_even", "half to even",
    "làm tròn nửa về số chẵn" },
  { 0, NULL, NULL, NULL },
};
static const name cmps[] = {
  { CHISO_CMP_GE, ">=", "≥", "≥" }, { CHISO_CMP_GT, ">", ">", ">" },
  { CHISO_CMP_LE, "<=", "≤", "≤" }, { CHISO_CMP_LT, "<", "<", "<" },
  { 0, NULL, NULL, NULL },
};
static const name provenances[] = {
  { CHISO_PROV_OFFICIAL, "official", "official", "chính thức" },
  { CHISO_PROV_PUBLISHED, "published", "published", "đã công bố" },
  { CHISO_PROV_RECALLED, "recalled", "recalled", "theo trí nhớ" },
  { CHISO_PROV_RECONSTRUCTED, "reconstructed", "reconstructed", "dựng lại" },
  { 0, NULL, NULL, NULL },
};
static const name roles[] = {
  { CHISO_ROLE_X, "x", "value", "giá trị" },
  { CHISO_ROLE_NUM, "num", "numerator", "tử số" },
  { CHISO_ROLE_DEN, "den", "denominator", "mẫu số" },
  { CHISO_ROLE_OTHER, "other", "other", "khác" },
  { 0, NULL, NULL, NULL },
};
static const name units[] = {
  { CHISO_UNIT_COUNT, "count", "count", "số lượng" },
  { CHISO_UNIT_VND, "vnd", "đồng", "đồng" },
  { CHISO_UNIT_PERCENT, "percent", "percent, 0-100", "phần trăm, 0-100" },
  { CHISO_UNIT_SHARE, "share", "share, 0-1", "tỷ lệ, 0-1" },
  { CHISO_UNIT_NUMBER, "number", "number", "số" },
  { CHISO_UNIT_POINTS, "points", "points", "điểm" },
  { CHISO_UNIT_ANSWER, "answer", "mean answer", "điểm trả lời trung bình" },
  { CHISO_UNIT_CHOICE, "choice", "choice", "lựa chọn" },
  { CHISO_UNIT_DAYS, "days", "days", "ngày" },
  { 0, NULL, NULL, NULL },
};
static const name levels[] = {
  { CHISO_LEVEL_PROVINCE, "province", "provinces", "cấp tỉnh" },
  { CHISO_LEVEL_MINISTRY, "ministry", "ministries", "cấp bộ" },
  { CHISO_LEVEL_DEPARTMENT, "department", "departments", "sở, ngành" },
  { CHISO_LEVEL_DISTRICT, "district", "districts", "cấp huyện" },
  { CHISO_LEVEL_COMMUNE, "commune", "communes", "cấp xã" },
  { 0, NULL, NULL, NULL },
};
static const name rank_bys[] = {
  { CHISO_RANK_POINTS, "points", "points", "điểm" },
  { CHISO_RANK_PERCENT, "percent", "percent of the maximum",
    "phần trăm điểm tối đa" },
  { 0, NULL, NULL, NULL },
};
static const name ties[] = {
  { CHISO_TIES_SHARED, "shared", "ties share the rank",
    "bằng điểm thì đồng hạng" },
  { 0, NULL, NULL, NULL },
};
static const name gradings[] = {
  { CHISO_GRADE_BANDS, "bands", "bands", "theo mức điểm" },
  { CHISO_GRADE_QUANTILE, "quantile", "quantiles", "theo phân vị" },
  { 0, NULL, NULL, NULL },
};
static const name missings[] = {
  { CHISO_MISSING_LEAVE_OUT, "leave_out", "units without a score are left out",
    "không tính đơn vị thiếu số liệu" },
  { CHISO_MISSING_AS_ZERO, "zero", "units without a score count as zero",
    "đơn vị thiếu số liệu tính bằng không" },
  { 0, NULL, NULL, NULL },
};
static const name ref_values[] = {
  { CHISO_REF_POINTS, "points", "points", "điểm" },
  { CHISO_REF_PERCENT, "percent", "percent", "phần trăm" },
  { 0, NULL, NULL, NULL },
};

static const name scopes[] = {
  { CHISO_SCOPE_NATIONAL, "national", "national", "quốc gia" },
  { CHISO_SCOPE_INTERNAL, "internal", "internal", "nội bộ" },
  { 0, NULL, NULL, NULL },
};

static const name *const families[CHISO_FAMILY_COUNT] = {
  [CHISO_FAMILY_KIND] = kinds,
  [CHISO_FAMILY_OP] = ops,
  [CHISO_FAMILY_ASSESSOR] = assessors,
  [CHISO_FAMILY_POLICY] = policies,
  [CHISO_FAMILY_ROUNDING] = roundings,
  [CHISO_FAMILY_CMP] = cmps,
  [CHISO_FAMILY_PROVENANCE] = provenances,
  [CHISO_FAMILY_ROLE] = roles,
  [CHISO_FAMILY_UNIT] = units,
  [CHISO_FAMILY_LEVEL] = levels,
  [CHISO_FAMILY_RANK_BY] = rank_bys,
  [CHISO_FAMILY_TIES] = ties,
  [CHISO_FAMILY_GRADING] = gradings,
  [CHISO_FAMILY_MISSING] = missings,
  [CHISO_FAMILY_REF_VALUE] = ref_values,
  [CHISO_FAMILY_SCOPE] = scopes,
};

static const name *find(chiso_family family, unsigned value) {
  for (const name *n = families[family]; n->key; n++)
    if (n->value == value)
      return n;
  return NULL;
}

const char *chiso_key(chiso_family family, unsigned value) {
  const name *n = find(family, value);
  return n ? n->key : NULL;
}

const char *chiso_title(chiso_family family, unsigned value, chiso_lang lang) {
  const name *n = find(family, value);
  return !n ? NULL : lang == CHISO_LANG_VI ? n->vi : n->en;
}

void chiso__family_words(chiso_family family, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (unsigned value = 0; value < 64; value++) {
    const char *word = chiso_key(family, value);
    if (!word)
      continue;
    int n = snprintf(out + used, size - used, "%s%s", used ? " " : "", word);
    if (n < 0 || (size_t)n >= size - used)
      return;
    used += (size_t)n;
  }
}

int chiso__key_value(chiso_family family, const char *word) {
  for (const name *n = families[family]; n->key; n++)
    if (strcmp(n->key, word) == 0)
      return (int)n->value;
  return -1;
}
