/* SPDX-License-Identifier: Apache-2.0
 * model/names.c - words of index.json and of people for the constants. */
#include <string.h>

#include "model/members.h"

typedef struct name {
  unsigned value, since; /* the minor it came with */
  const char *constant, *key, *en, *vi;
} name;

/* A constant of minor 0, and one that a later minor added. */
#define NAME(constant, key, en, vi) NAME_SINCE(0, constant, key, en, vi)
#define NAME_SINCE(minor, constant, key, en, vi)                               \
  { CHISO_##constant, minor, "CHISO_" #constant, key, en, vi }
#define END                                                                    \
  { 0, 0, NULL, NULL, NULL, NULL }

static const name kinds[] = {
  NAME(KIND_INDEX, "index", "index", "chỉ số"),
  NAME(KIND_AREA, "area", "area", "lĩnh vực"),
  NAME(KIND_CRITERION, "criterion", "criterion", "tiêu chí"),
  NAME(KIND_SUBCRITERION, "subcriterion", "subcriterion",
       "tiêu chí thành phần"),
  NAME(KIND_DIMENSION, "dimension", "dimension", "lĩnh vực nội dung"),
  NAME(KIND_SUBDIMENSION, "subdimension", "sub-dimension",
       "nội dung thành phần"),
  NAME(KIND_INDICATOR, "indicator", "indicator", "chỉ tiêu"),
  NAME(KIND_FACTOR, "factor", "factor", "yếu tố"),
  NAME(KIND_BRANCH, "branch", "branch", "trường hợp"),
  END,
};
static const name ops[] = {
  NAME(OP_SUM, "sum", "sum", "tổng"),
  NAME(OP_MEAN, "mean", "weighted mean", "trung bình có trọng số"),
  NAME(OP_SCALE, "scale", "mean brought to a scale",
       "trung bình quy về thang điểm"),
  NAME(OP_CASE, "case", "one case of several", "theo trường hợp"),
  NAME(OP_MANUAL, "manual", "points as entered", "nhập điểm"),
  NAME(OP_STEP, "step", "steps", "theo mức"),
  NAME(OP_LINEAR, "linear", "linear", "tuyến tính"),
  NAME(OP_RATIO, "ratio", "proportional", "theo tỷ lệ"),
  NAME(OP_PENALTY, "penalty", "deduction", "trừ điểm"),
  NAME(OP_CHOICE, "choice", "choice", "lựa chọn"),
  NAME(OP_SURVEY, "survey", "mean answer", "điểm trung bình khảo sát"),
  NAME(OP_SHARE, "share", "share of answers", "tỷ lệ câu trả lời"),
  NAME(OP_NORM, "norm", "normalised", "chuẩn hóa"),
  NAME(OP_BEST, "best", "against the best unit", "so với đơn vị cao nhất"),
  NAME(OP_INDEX, "index", "taken from another index", "lấy từ chỉ số khác"),
  NAME(OP_CALL, "call", "code of the plugin", "mã của bộ chỉ số"),
  END,
};
static const name assessors[] = {
  NAME(BY_NONE, "none", "", ""),
  NAME(BY_SELF, "self", "self-scored, appraised", "tự chấm, thẩm định"),
  NAME(BY_MINISTRY, "ministry", "scored by the ministry", "bộ chấm"),
  NAME(BY_SURVEY, "survey", "survey", "điều tra xã hội học"),
  NAME(BY_STATISTICS, "statistics", "statistics", "số liệu thống kê"),
  NAME(BY_INDEX, "index", "another index", "chỉ số khác"),
  END,
};
static const name policies[] = {
  NAME(POLICY_FORBIDDEN, "forbidden", "not allowed", "không được phép"),
  NAME(POLICY_ZERO, "zero", "no points", "không có điểm"),
  NAME(POLICY_FULL, "full", "full points", "đủ điểm"),
  NAME(POLICY_LEAVE_OUT, "leave_out", "left out", "không tính"),
  END,
};
static const name roundings[] = {
  NAME(ROUND_HALF_UP, "half_up", "half up", "làm tròn nửa lên"),
  NAME(ROUND_CUT_OFF, "cut_off", "cut off", "bỏ phần lẻ"),
  NAME(ROUND_HALF_EVEN, "half_even", "half to even", "làm tròn nửa về số chẵn"),
  END,
};
static const name cmps[] = {
  NAME(CMP_GE, ">=", "≥", "≥"),
  NAME(CMP_GT, ">", ">", ">"),
  NAME(CMP_LE, "<=", "≤", "≤"),
  NAME(CMP_LT, "<", "<", "<"),
  END,
};
static const name provenances[] = {
  NAME(PROV_OFFICIAL, "official", "official", "chính thức"),
  NAME(PROV_PUBLISHED, "published", "published", "đã công bố"),
  NAME(PROV_RECALLED, "recalled", "recalled", "theo trí nhớ"),
  NAME(PROV_RECONSTRUCTED, "reconstructed", "reconstructed", "dựng lại"),
  END,
};
static const name roles[] = {
  NAME(ROLE_X, "x", "value", "giá trị"),
  NAME(ROLE_NUM, "num", "numerator", "tử số"),
  NAME(ROLE_DEN, "den", "denominator", "mẫu số"),
  NAME(ROLE_OTHER, "other", "other", "khác"),
  END,
};
static const name units[] = {
  NAME(UNIT_COUNT, "count", "count", "số lượng"),
  NAME(UNIT_VND, "vnd", "đồng", "đồng"),
  NAME(UNIT_PERCENT, "percent", "percent, 0-100", "phần trăm, 0-100"),
  NAME(UNIT_SHARE, "share", "share, 0-1", "tỷ lệ, 0-1"),
  NAME(UNIT_NUMBER, "number", "number", "số"),
  NAME(UNIT_POINTS, "points", "points", "điểm"),
  NAME(UNIT_ANSWER, "answer", "mean answer", "điểm trả lời trung bình"),
  NAME(UNIT_CHOICE, "choice", "choice", "lựa chọn"),
  NAME(UNIT_DAYS, "days", "days", "ngày"),
  END,
};
static const name levels[] = {
  NAME(LEVEL_PROVINCE, "province", "provinces", "cấp tỉnh"),
  NAME(LEVEL_MINISTRY, "ministry", "ministries", "cấp bộ"),
  NAME(LEVEL_DEPARTMENT, "department", "departments", "sở, ngành"),
  NAME(LEVEL_DISTRICT, "district", "districts", "cấp huyện"),
  NAME(LEVEL_COMMUNE, "commune", "communes", "cấp xã"),
  END,
};
static const name rank_bys[] = {
  NAME(RANK_POINTS, "points", "points", "điểm"),
  NAME(RANK_PERCENT, "percent", "percent of the maximum",
       "phần trăm điểm tối đa"),
  END,
};
static const name ties[] = {
  NAME(TIES_SHARED, "shared", "ties share the rank", "bằng điểm thì đồng hạng"),
  END,
};
static const name gradings[] = {
  NAME(GRADE_BANDS, "bands", "bands", "theo mức điểm"),
  NAME(GRADE_QUANTILE, "quantile", "quantiles", "theo phân vị"),
  END,
};
static const name missings[] = {
  NAME(MISSING_LEAVE_OUT, "leave_out", "units without a score are left out",
       "không tính đơn vị thiếu số liệu"),
  NAME(MISSING_AS_ZERO, "zero", "units without a score count as zero",
       "đơn vị thiếu số liệu tính bằng không"),
  END,
};
static const name ref_values[] = {
  NAME(REF_POINTS, "points", "points", "điểm"),
  NAME(REF_PERCENT, "percent", "percent", "phần trăm"),
  END,
};

static const name scopes[] = {
  NAME(SCOPE_NATIONAL, "national", "national", "quốc gia"),
  NAME(SCOPE_INTERNAL, "internal", "internal", "nội bộ"),
  END,
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

const char *chiso__constant(chiso_family family, unsigned value) {
  const name *n = find(family, value);
  return n ? n->constant : NULL;
}

unsigned chiso__constant_since(chiso_family family, unsigned value) {
  const name *n = find(family, value);
  return n ? n->since : 0;
}

int chiso__key_value(chiso_family family, const char *word) {
  for (const name *n = families[family]; n->key; n++)
    if (strcmp(n->key, word) == 0)
      return (int)n->value;
  return -1;
}
