/* SPDX-License-Identifier: Apache-2.0
 * author/form_columns.c - sections and columns of the form. Those of a node
 * follow the table of fields, so that a new member has its column at once. */
#include <string.h>

#include "author/form.h"

typedef struct titles {
  const char *key, *en, *vi;
  unsigned width;
} titles;

static const titles node_titles[] = {
  { "id", "Code", "Mã", 9 },
  { "parent", "Under", "Thuộc", 9 },
  { "kind", "Kind", "Loại", 13 },
  { "title.vi", "Title (Vietnamese)", "Tên", 60 },
  { "title.en", "Title (English)", "Tên tiếng Anh", 40 },
  { "max", "Most points", "Điểm tối đa", 9 },
  { "weight", "Weight", "Trọng số", 8 },
  { "op", "Rule", "Cách chấm", 10 },
  { "lo", "Least", "Thấp nhất", 8 },
  { "hi", "Most of the scale", "Cao nhất của thang", 8 },
  { "from", "Worst value", "Giá trị kém nhất", 8 },
  { "to", "Best value", "Giá trị tốt nhất", 8 },
  { "steps", "Steps", "Các mức điểm", 34 },
  { "otherwise", "Otherwise", "Còn lại", 8 },
  { "target", "Target", "Mục tiêu", 8 },
  { "floor", "Floor", "Ngưỡng", 8 },
  { "cap", "Cap", "Trần", 8 },
  { "per", "Deducted for each", "Trừ mỗi lần", 8 },
  { "of", "Of index", "Lấy từ chỉ số", 18 },
  { "value", "Value taken", "Giá trị lấy", 10 },
  { "scale", "Full at", "Đủ điểm khi", 8 },
  { "call", "Code rule", "Hàm số", 8 },
  { "when", "When", "Khi", 14 },
  { "at", "Threshold", "Ngưỡng nhánh", 8 },
  { "cmp", "Comparison", "So sánh", 8 },
  { "assessor", "Assessor", "Ai chấm", 11 },
  { "inputs", "Inputs", "Số liệu", 34 },
  { "na", "Not applicable", "Khi không áp dụng", 11 },
  { "empty", "Zero denominator", "Khi mẫu số bằng 0", 11 },
  { "round", "Rounding", "Làm tròn", 11 },
  { "concept", "Concept", "Khái niệm", 22 },
  { "was", "Was", "Mã cũ", 10 },
  { "measure.numerator", "Numerator", "Tử số", 30 },
  { "measure.denominator", "Denominator", "Mẫu số", 30 },
  { "measure.period", "Period", "Kỳ", 14 },
  { "rule", "Wording of the rule", "Lời văn cách chấm", 50 },
  { "evidence", "Evidence", "Tài liệu kiểm chứng", 40 },
  { "legal", "Instrument", "Văn bản", 10 },
  { "approximate", "Largest error", "Sai số lớn nhất", 8 },
  { "provenance.name", "Provenance of the name", "Nguồn gốc tên", 13 },
  { "provenance.points", "Provenance of the points", "Nguồn gốc điểm", 13 },
  { "source", "Source", "Nguồn", 30 },
  { "note", "Note", "Ghi chú", 30 },
};

static const titles index_titles[] = {
  { "key", "Member", "Khóa", 16 },
  { "value", "Value", "Giá trị", 90 },
};
static const titles legal_titles[] = {
  { "key", "Key", "Khóa", 14 },
  { "instrument", "Instrument", "Số, ký hiệu", 20 },
  { "title", "Title", "Trích yếu", 60 },
  { "issued", "Issued", "Ngày ban hành", 13 },
  { "in_force", "In force", "Hiệu lực từ", 13 },
  { "repealed", "Repealed", "Hết hiệu lực", 13 },
  { "checked_on", "Looked at on", "Rà lại ngày", 13 },
  { "url", "Address", "Địa chỉ", 60 },
};
static const titles grading_titles[] = {
  { "kind", "Kind", "Cách xếp", 11 },
  { "first", "First round", "Từ kỳ", 9 },
  { "last", "Last round", "Đến kỳ", 9 },
  { "missing", "Without a score", "Thiếu điểm", 11 },
  { "source", "Source", "Nguồn", 40 },
  { "key", "Key", "Khóa", 14 },
  { "title.vi", "Title (Vietnamese)", "Xếp loại", 24 },
  { "title.en", "Title (English)", "Xếp loại (tiếng Anh)", 24 },
  { "at_least", "At least", "Từ điểm", 9 },
  { "above", "Above", "Trên điểm", 9 },
};
static const titles partition_titles[] = {
  { "id", "Partition", "Cách chia", 14 },
  { "title.vi", "Title (Vietnamese)", "Tên cách chia", 30 },
  { "title.en", "Title (English)", "Tên tiếng Anh", 30 },
  { "source", "Source", "Nguồn", 40 },
  { "part.id", "Part", "Phần", 18 },
  { "part.title.vi", "Title (Vietnamese)", "Tên phần", 34 },
  { "part.title.en", "Title (English)", "Tên tiếng Anh", 34 },
  { "part.max", "Most points", "Điểm tối đa", 9 },
};
static const titles deadline_titles[] = {
  { "what", "What", "Việc", 24 },
  { "date", "Date", "Ngày", 13 },
};

#define TABLE(list) list, sizeof list / sizeof *list
static const struct {
  const char *key, *en, *vi;
  const titles *columns;
  size_t count;
} sections[CHISO__SECTIONS] = {
  [CHISO__SECTION_NODES] = { "nodes", "Index", "Bộ chỉ số", NULL, 0 },
  [CHISO__SECTION_INDEX] = { "index", "General", "Thông tin chung",
                             TABLE(index_titles) },
  [CHISO__SECTION_LEGAL] = { "legal", "Instruments", "Văn bản",
                             TABLE(legal_titles) },
  [CHISO__SECTION_GRADINGS] = { "gradings", "Gradings", "Xếp loại",
                                TABLE(grading_titles) },
  [CHISO__SECTION_PARTITIONS] = { "partitions", "Partitions", "Phần điểm",
                                  TABLE(partition_titles) },
  [CHISO__SECTION_DEADLINES] = { "deadlines", "Deadlines", "Thời hạn",
                                 TABLE(deadline_titles) },
};

/* The columns that a field takes: the ends of their keys. */
static const char *const *parts_of(const chiso__field *field) {
  static const char *const one[] = { "", NULL };
  static const char *const title[] = { ".vi", ".en", NULL };
  static const char *const measure[] = { ".numerator", ".denominator",
                                         ".period", NULL };
  static const char *const provenance[] = { ".name", ".points", NULL };
  switch (field->type) {
  case CHISO__FIELD_TITLE:
    return title;
  case CHISO__FIELD_MEASURE:
    return measure;
  case CHISO__FIELD_PROVENANCE:
    return provenance;
  default:
    return one;
  }
}

/* A field without a title of its own is shown by its key. */
static const titles *node_title(const char *name, const char *end) {
  size_t size = strlen(name);
  for (size_t i = 0; i < sizeof node_titles / sizeof *node_titles; i++)
    if (strncmp(node_titles[i].key, name, size) == 0 &&
        strcmp(node_titles[i].key + size, end) == 0)
      return &node_titles[i];
  return NULL;
}

/* A field may stand in the table twice, for different ops. */
static bool seen(size_t place) {
  for (size_t i = 0; i < place; i++)
    if (strcmp(chiso__node_fields[i].name, chiso__node_fields[place].name) == 0)
      return true;
  return false;
}

static void node_columns(chiso__form_section *out) {
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *field = &chiso__node_fields[i];
    const char *const *parts = parts_of(field);
    for (unsigned p = 0; parts[p] && !seen(i); p++) {
      const titles *t = node_title(field->name, parts[p]);
      if (out->n_columns == CHISO__FORM_COLUMNS)
        return;
      out->columns[out->n_columns++] =
          (chiso__form_column) { t ? t->key : field->name,
                                 t ? t->en : field->name,
                                 t ? t->vi : field->name,
                                 t ? t->width : 12,
                                 field,
                                 p };
    }
  }
}

void chiso__form_section_of(chiso__section section, chiso__form_section *out) {
  *out = (chiso__form_section) { .key = sections[section].key,
                                 .en = sections[section].en,
                                 .vi = sections[section].vi };
  if (section == CHISO__SECTION_NODES)
    node_columns(out);
  for (size_t i = 0; i < sections[section].count; i++) {
    const titles *t = &sections[section].columns[i];
    out->columns[out->n_columns++] =
        (chiso__form_column) { t->key, t->en, t->vi, t->width, NULL, 0 };
  }
}
